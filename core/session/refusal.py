"""A reason not to read or write a session, found deep inside and turned into a `SessionError` at the border."""


class Refusal(Exception):
    """What is wrong, and what to do; the border adds the name of the file."""

    def __init__(self, reason: str, remedy: str = "The file is damaged or was not made by Corrie: use a copy.") -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class ChangedMeanwhile(Refusal):
    """The file was exchanged, or written to, between a look at it and its use. Another look may find it at rest."""

    def __init__(self) -> None:
        super().__init__("It was changed while it was read.", "Open it again when nobody writes to it.")


# What HDF5 and numpy raise on a file whose structure is damaged; h5py translates most HDF5 failures to OSError.
DAMAGE = (OSError, RuntimeError, LookupError, ValueError, TypeError, ArithmeticError, MemoryError)
