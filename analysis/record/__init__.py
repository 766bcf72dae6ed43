"""What is kept of a run: results.json, where it came from, what changed."""
