"""Whether a later file still is what the models were made for."""
