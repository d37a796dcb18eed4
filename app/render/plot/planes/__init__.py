"""Flat pictures of planes through weight space."""
