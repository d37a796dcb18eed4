"""Pins of review notes: small numbered marks that stay at their place of a picture while it is zoomed or turned."""
