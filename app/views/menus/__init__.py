"""Every action of the main window, one module per menu."""
