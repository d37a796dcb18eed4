"""The unsaved session on the disk while it is worked on, and what an unexpected end of Corrie left of it."""
