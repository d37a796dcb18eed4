"""What of a row may change: features to tick, and how each may."""
