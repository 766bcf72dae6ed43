"""How well both models rank the loans, and whether their probabilities hold."""
