"""The environment variables that the program reads."""

DATA = "LENDING_DATA"  # the loan file
PREVIOUS = "REPORT_PREVIOUS"  # results.json of the report that the new one is to replace
FILES = "REPORT_FILES"  # the names of what lies beside the page
