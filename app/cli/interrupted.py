"""What is left to say when a command was stopped before it had anything to keep."""


class Interrupted(Exception):
    """The work was stopped, by somebody or by its time limit, before there was a first partial result."""
