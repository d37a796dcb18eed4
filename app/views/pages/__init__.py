"""One page per kind of result: what fills a tab in the middle of the window."""
