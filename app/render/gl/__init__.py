"""The surface in three dimensions: the only room that knows of OpenGL, and the only one that imports vispy."""
