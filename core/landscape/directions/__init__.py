"""The axes of planes and lines: drawn at random, computed, or read."""
