"""Surfaces as bodies for other programs: VTK, glTF and OBJ."""
