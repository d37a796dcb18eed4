"""How sure each result is: what is proved, computed, sampled and unknown, and in which domain."""
