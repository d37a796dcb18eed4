"""Tables of cases: the page of one, and that of several networks."""
