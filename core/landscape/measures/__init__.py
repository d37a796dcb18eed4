"""Numbers of a picture that a review can compare: sharpness, width, basins, barriers, roughness."""
