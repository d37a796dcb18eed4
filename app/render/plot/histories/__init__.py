"""Curvature through a training."""
