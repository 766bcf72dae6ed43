"""What is kept of a run: results.json with its schema, comparisons of two, provenance, a cache."""
