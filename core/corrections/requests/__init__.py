"""From a row, a drawing or another answer, and a user's words, to a request that an engine can answer."""
