"""Plots of trainings."""
