"""Turn report.qmd into the HTML report and the PDF, with Quarto or without it."""
