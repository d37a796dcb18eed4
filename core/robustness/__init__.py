"""Attacks on networks, and what networks make of them."""
