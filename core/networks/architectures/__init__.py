"""Built-in architectures, with the parameter names of the common public implementations."""
