"""The one error of the development tool: a sentence for the person at the keyboard, never a traceback."""


class Complaint(Exception):
    """What happened, why, and what to do about it."""
