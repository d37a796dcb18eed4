"""Layouts across networks: the figures of Yao et al. 2018, and robust beside plain twins."""
