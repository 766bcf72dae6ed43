"""The results said and drawn, as report.qmd shows them."""
