"""What is selected, in words and numbers, and what can be computed from it."""
