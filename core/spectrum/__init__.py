"""Eigenvalues of the Hessian of the loss, each with a measured error (Yao et al. 2018)."""
