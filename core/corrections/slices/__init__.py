"""Exact slices with two free handles: their linear pieces, the accepted region, and what lies in it."""
