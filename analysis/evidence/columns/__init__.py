"""What the columns say, and which of them determine each other."""
