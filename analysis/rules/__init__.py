"""The rules that find what a board must know."""
