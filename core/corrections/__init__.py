"""Corrections: where in a slice of the input a network decides otherwise, and the nearest stable change."""
