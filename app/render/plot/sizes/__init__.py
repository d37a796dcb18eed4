"""Size beside sharpness: margins of the samples, and norms of the layers."""
