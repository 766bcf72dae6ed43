"""Which recipe a report's figures come from: split, fit and resampler tried."""
