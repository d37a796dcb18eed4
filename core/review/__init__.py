"""Notes of a review: what somebody said about a point, a bar or a region of a result, and whether it is settled."""
