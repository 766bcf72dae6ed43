"""Everything the credit-risk report states, computed from one loan file."""
