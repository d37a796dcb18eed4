"""Flat plots on pyqtgraph: given records, they draw them and report what the hand does; they compute nothing."""
