"""How sure the comparison of the models is."""
