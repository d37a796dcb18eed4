"""What attacks leave of a network: accuracy against strength, and the Hessian in the input."""
