"""Everything that Corrie may have to tell a person, on one page and in reading order.

Each error is one short text: what happened, why, and what to do about it. The window and the command line print it
unchanged; nothing else is expected to be readable to a user.

* CorrieError
  * InvalidRequest          the question cannot be asked like this
  * UnreadableFile          a file is missing, truncated, or not what its name says
    * SessionError          the same, for a session file
  * WeightsMismatch         weights and architecture do not belong together
  * DataError               the data contradict their card or each other
  * UnsupportedNetwork      the network is fine, but this analysis cannot treat it
  * NumericalFailure        the computation met NaN or infinity where none may be
  * OutOfSpace              the disk is full or may not be written
  * DownloadFailed          public data cannot be fetched, or are not what was published
* Cancelled                 not an error: somebody pressed Stop
"""

from pathlib import Path


class CorrieError(Exception):
    """A failure that Corrie explains in one sentence, with the remedy."""


class InvalidRequest(CorrieError, ValueError):
    """The request contradicts itself, or the network and data it is asked of."""


class UnreadableFile(CorrieError):
    """A file that cannot be used. The text names the file, the reason and the remedy."""

    def __init__(self, path: Path | str, reason: str, remedy: str) -> None:
        super().__init__(f"{path}: {reason} {remedy}")
        self.path = Path(path)
        self.reason = reason
        self.remedy = remedy


class SessionError(UnreadableFile):
    """A session file that cannot be opened, or could not be written."""


class WeightsMismatch(CorrieError):
    """Weights of another architecture: the text lists which keys and shapes differ."""


class DataError(CorrieError):
    """Data that contradict their card, each other, or the network."""


class UnsupportedNetwork(CorrieError):
    """The network holds a layer that this analysis cannot treat; the text names it."""


class NoExactRegions(UnsupportedNetwork):
    """A layer bends everywhere: there is nothing exact to draw, but a search by bounds would do."""


class NumericalFailure(CorrieError, ArithmeticError):
    """NaN or infinity where the computation cannot go on."""


class OutOfSpace(CorrieError, OSError):
    """The disk is full, or the folder may not be written. What was there before is untouched."""


class DownloadFailed(CorrieError):
    """Public data could not be fetched; the text names the server and says whether the next try goes on from here."""


class Cancelled(Exception):
    """Raised by `JobContext.check` after somebody asked the job to stop."""
