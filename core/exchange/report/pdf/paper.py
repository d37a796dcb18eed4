"""The page: A4, in points from its upper left corner."""

WIDTH, HEIGHT = 595.276, 841.89  # ISO 216
LEFT = 51.0  # 18 mm
ROOM = WIDTH - 2 * LEFT
TOP, BOTTOM = 62.0, HEIGHT - 54.0  # of what stands on a page
FIRST_TOP = 84.0
HEADER, FOOTER = 38.0, HEIGHT - 30.0  # baselines of the running lines
HIGHEST_FIGURE = BOTTOM - TOP - 70.0  # there is room for a heading above it
