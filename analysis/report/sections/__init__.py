"""A module for each section of the report: its sentences, table and figure."""
