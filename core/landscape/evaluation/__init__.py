"""Loss and accuracy at points of a plane: exact, in place, by the fastest way that this network allows."""
