"""The training lab: a form for recipes and sweeps, live curves, and the table of runs."""
