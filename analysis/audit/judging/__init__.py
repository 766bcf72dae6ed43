"""Whether what a report states is right, and what it is instead."""
