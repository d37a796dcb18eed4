"""Surfaces side by side: chosen from the session, on one scale, under one camera and one crosshair."""
