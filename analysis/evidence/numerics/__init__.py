"""What several questions compute with: draws, splits, readable cuts, estimates, samples."""
