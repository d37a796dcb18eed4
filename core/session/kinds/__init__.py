"""How each kind of item lies in a session file: one module per kind, its writing and its reading side by side."""
