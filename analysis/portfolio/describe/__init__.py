"""The draft of a declaration: what stands in a loan file of which nothing is declared."""
