"""Loans that repeat each other: how many, and what the models are worth without them."""
