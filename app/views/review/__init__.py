"""Notes of a review: the list to walk through, writing them, and their pins in the pages."""
