"""What a board must know, judged from the evidence; a module for each question."""
