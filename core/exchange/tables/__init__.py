"""Results as plain numbers: rows of tables, and named arrays."""
