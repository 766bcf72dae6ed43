"""How tables, figures and links are drawn."""
