"""The page of attacks on a network: its table, and the attacked samples to look at."""
