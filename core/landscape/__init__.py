"""The loss over planes through a network's weights (Li et al. 2018)."""
