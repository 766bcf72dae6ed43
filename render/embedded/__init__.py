"""The route without Quarto: the document read, executed and converted."""
