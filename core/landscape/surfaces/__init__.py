"""Surfaces: which points are computed on how many samples, what lies between, and how sure that is."""
