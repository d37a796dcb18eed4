"""Plots of layouts across networks."""
