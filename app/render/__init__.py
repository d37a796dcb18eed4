"""Everything that is drawn: scales and colours shared by all pictures, OpenGL in `gl`, flat plots in `plot`."""
