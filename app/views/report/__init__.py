"""The dialog that writes a report of the session."""
