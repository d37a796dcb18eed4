"""The slice of a correction and the box in it."""
