"""Where the optimiser stopped, and where the optimum is."""
