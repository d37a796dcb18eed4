"""The page of all pairs: its pictures, the ranked list, and what is known of the chosen pair."""
