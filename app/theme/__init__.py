"""How the window looks: colours, palettes, icons, and numbers in fields."""
