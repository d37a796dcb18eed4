"""Two sessions side by side: which items belong together, and what differs between them."""
