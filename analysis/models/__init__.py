"""The split, both models, and what they do on the test loans."""
