"""Every rejected row of a table: corrected one by one, then rules that serve many, then other networks."""
