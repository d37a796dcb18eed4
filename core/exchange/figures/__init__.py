"""Results as they are published: flat pictures with their scale, their errors and where they come from."""
