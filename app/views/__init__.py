"""The window and what is in it. Views show state and send wishes on; they compute nothing."""
