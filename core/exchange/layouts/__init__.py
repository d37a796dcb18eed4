"""Layouts across networks and trainings: Figures 3, 4 and 5 of Yao et al. 2018, and robust against plain twins."""
