"""Session files: a document as HDF5 on the disk, whole, checked, and read back without trust."""
