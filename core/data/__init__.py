"""Data sets: built-in ones, arrays, and tables with feature cards."""
