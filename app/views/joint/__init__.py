"""The page of a correction in several features: a row for each, what was found, and what proves it."""
