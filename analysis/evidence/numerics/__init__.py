"""What several questions compute with: resampling, splits, cuts."""
