"""The piecewise-linear form of a network, and how modules and programs come down to it."""
