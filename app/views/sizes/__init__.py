"""Size and sharpness of all networks of a session beside their generalisation gap."""
