"""The way of a training, over its plane and against its epochs."""
