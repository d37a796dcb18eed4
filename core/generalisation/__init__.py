"""Size beside sharpness: what is measured of a network that its generalisation may be judged by."""
