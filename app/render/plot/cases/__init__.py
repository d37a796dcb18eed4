"""How far away the corrections of many rows are."""
