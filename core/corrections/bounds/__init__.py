"""Proofs about boxes in any number of handles, by bounds that know nothing of slices."""
