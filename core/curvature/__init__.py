"""Second derivatives of the mean loss: products with the Hessian, and the Lanczos method, shared by all engines."""
