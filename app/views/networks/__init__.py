"""Networks and data: the page that lists them, and the dialog by which a user's own network comes in."""
