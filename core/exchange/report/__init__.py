"""A session, or a choice of its items, as a report: one page of HTML or a PDF, with the same facts in both."""
