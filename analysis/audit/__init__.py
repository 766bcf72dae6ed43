"""Holds a report that somebody wrote by hand against its data: what each of its figures is."""
