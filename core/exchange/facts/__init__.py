"""What a result found, as names and values for readers."""
