"""Loans that lie in a database: its address, the questions put to it, what is read of it."""
