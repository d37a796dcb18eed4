"""All pairs of features: the matrix of their distances, a lane for each level, and tables of levels."""
