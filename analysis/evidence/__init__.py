"""How far the figures of the report can be trusted: the evidence that a board asks for."""
