"""Drawings as strokes, and as the lines that networks are fed."""
