"""Flat pictures: the only room that imports pyqtgraph."""
