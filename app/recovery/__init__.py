"""Sessions and computations on the disk while they grow, and what an unexpected end of Corrie left of all work."""
