"""Everything a user can do, registered once for menus, tool bars, shortcuts and search."""
