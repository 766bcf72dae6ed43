"""What several questions compute with: draws, samples, cuts, shares, estimates."""
