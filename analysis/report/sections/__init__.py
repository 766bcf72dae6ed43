"""The sections of the report: sentences, tables and figures of each."""
