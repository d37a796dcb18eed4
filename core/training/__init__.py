"""Training networks with recorded recipes."""
