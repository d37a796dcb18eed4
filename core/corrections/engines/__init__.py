"""One request in, one answer out: what the window and the command line call."""
