"""What a report written by hand states: its lines, tables and sentences read."""
