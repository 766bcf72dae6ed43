"""A loan file becomes a portfolio: read, validated, reduced to its distinct loans."""
