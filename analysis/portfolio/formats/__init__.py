"""How a loan file of each kind is taken apart: its names, and the cells of its columns."""
