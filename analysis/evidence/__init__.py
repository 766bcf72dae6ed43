"""The evidence that a review board asks for, computed; a room for each question."""
