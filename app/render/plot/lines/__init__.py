"""Plots along a line or a curve through weight space, and of levels of the loss."""
