"""The form of the landscape: what is computed, in which directions, how far and how exactly."""
