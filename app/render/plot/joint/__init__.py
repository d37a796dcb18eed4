"""A correction in several features: sliders with two ends, how far the search is, and what stability costs."""
