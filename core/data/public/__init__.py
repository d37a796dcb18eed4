"""Public data sets, fetched from their origin when they are asked for."""
