"""Every two features of one input."""
