"""The open session beside another one: what differs, item by item and line by line."""
