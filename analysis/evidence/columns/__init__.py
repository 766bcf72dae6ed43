"""What the columns are, what they say alone, and how far they say the same."""
