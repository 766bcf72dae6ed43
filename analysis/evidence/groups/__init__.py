"""What both models do to groups of people that no model was told of: who is refused."""
