"""Ranking and probabilities."""
