"""The report held against what people would do instead: a plain script, a bare notebook."""
