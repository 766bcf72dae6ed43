"""What another threshold would do, and what it would cost."""
