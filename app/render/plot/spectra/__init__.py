"""Plots of spectra."""
