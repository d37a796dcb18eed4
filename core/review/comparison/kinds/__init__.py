"""What differs between two results of one kind, judged by the errors that they state."""
