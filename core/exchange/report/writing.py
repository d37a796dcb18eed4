"""One report into one file: as a page of HTML or as a PDF, by what its name ends with."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from core.errors import InvalidRequest
from core.exchange.report.blocks import Report
from core.exchange.report.composing import composed
from core.exchange.report.endings import ENDINGS
from core.exchange.report.html import html_of
from core.exchange.report.pdf.document import write_pdf
from core.exchange.report.shares import WHOLE, Share
from core.exchange.report.source import source_of
from core.job import JobContext
from core.session.atomic import replace_file
from core.session.document import Document

_UNUSED = JobContext()
_NUMBERS = 100  # thousandths of the work: figures take most of it


def write_report(
    document: Document,
    path: Path,
    *,
    title: str = "Session",
    wanted: Sequence[str] = (),
    session: Path | None = None,
    changed: bool = False,
    replaced: bool = False,
    job: JobContext = _UNUSED,
) -> None:
    """Write the report of a session, or of chosen items of it, whole or not at all.

    Parameters
    ----------
    path : Path
        Its ending says what is written: .html or .pdf.
    wanted : sequence of str
        Ids or names of items, in the order in which they are to stand; all of the session without any.
    session : Path, optional
        The file that the session lies in: its hashes are in the report.
    changed : bool
        Whether the session has changes that are not in that file.
    replaced : bool
        Whether somebody wrote that file since the session was read from it or saved to it.

    Raises
    ------
    InvalidRequest
        If the ending is another one, the session is empty, or a name stands for no item or for several.
    UnreadableFile, OutOfSpace
        If the file cannot be written, or the session's file no longer be read. What was there before is untouched.
    Cancelled
    """
    write = writer_for(path)
    source = None if session is None else source_of(session, job, changed=changed, replaced=replaced)
    report = composed(document, title=title, wanted=wanted, source=source, job=Share(job, 0, _NUMBERS))

    def write_all(file: BinaryIO) -> None:
        write(report, file, job)
        job.check()  # the last moment: after it the new file takes the old one's place

    replace_file(path, write_all)
    job.progress(WHOLE, WHOLE, path.name)


def writer_for(path: Path) -> Callable[[Report, BinaryIO, JobContext], None]:
    """What writes a file of that ending. Raises `InvalidRequest` for an ending that no report has."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        given = f'"{path.name}" has no ending' if not ending else f'A report cannot be written as "{ending}"'
        raise InvalidRequest(f"{given}. The endings are .pdf and .html.")
    return _write_pdf if ending == ".pdf" else _write_html


def _write_html(report: Report, file: BinaryIO, job: JobContext) -> None:
    file.write(html_of(report, Share(job, _NUMBERS, WHOLE)).encode("utf-8"))


def _write_pdf(report: Report, file: BinaryIO, job: JobContext) -> None:
    write_pdf(report, file, Share(job, _NUMBERS, WHOLE))
