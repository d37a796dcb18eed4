"""Corrections in several features at once."""
