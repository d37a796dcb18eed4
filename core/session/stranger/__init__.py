"""Files that this installation did not write: known by the lack of a seal, and read by a child process first."""
