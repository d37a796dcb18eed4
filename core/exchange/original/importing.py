"""Any file of the original tool as items of a session: what it holds decides what becomes of it."""

from dataclasses import dataclass
from pathlib import Path

from core.errors import UnreadableFile
from core.exchange.original.file import is_original_file, original_file
from core.exchange.original.surface import read_original_surface
from core.exchange.original.way import trajectory_from_original
from core.exchange.original.writing import directions_path
from core.job import JobContext
from core.naming import SESSION_SUFFIX, kind_of
from core.session.document import Document, Result, ResultItem, new_id, utc_now
from core.session.files import open_document

_LONGEST_NAME = 80
_WORDS = {"surface": "Surface", "curve": "Curve", "convexity": "Convexity", "trajectory": "Trajectory"}


@dataclass(frozen=True, kw_only=True)
class ImportedItems:
    """Results that belong to no network and data of the session, and what a reader should know about them."""

    items: tuple[ResultItem, ...]
    notes: tuple[str, ...]


def open_any(path: Path, job: JobContext = JobContext()) -> Document:  # noqa: B008  no state
    """A session, or a file of the original tool as a session of what it holds.

    Raises
    ------
    UnreadableFile
        As `core.session.files.open_document` and `import_original` do.
    """
    if path.name.lower().endswith(SESSION_SUFFIX) or not is_original_file(path, job):
        return open_document(path, job)
    document = Document()
    for item in import_original(path, job=job).items:
        document = document.with_item(item)
    return document


def import_original(
    path: Path,
    directions_file: Path | None = None,
    job: JobContext = JobContext(),  # noqa: B008  it has no state
) -> ImportedItems:
    """Read a surface file or a projection file of the original tool.

    Parameters
    ----------
    directions_file : Path, optional
        The directions of its plane; None: those that the file names, or is named after, if they lie beside it.

    Raises
    ------
    UnreadableFile
        If it is none of these, damaged, or built to do harm. A file of directions alone is refused with the place
        where it is of use.
    OutOfSpace, Cancelled
        As `original_file`.
    """
    with original_file(path, job) as file:
        names = set(file.names())
    if {"proj_xcoord", "proj_ycoord"} <= names:
        chosen = directions_file or _directions_beside(path, job)
        return _items((trajectory_from_original(path, chosen),), (), path)
    if "xdirection" in names and "xcoordinates" not in names:
        raise UnreadableFile(
            path,
            "It holds directions, but nothing that was computed along them.",
            "Compute a surface along them (directions from a file), or open the surface file beside it.",
        )
    found = read_original_surface(path, directions_file)
    return _items(found.results, found.notes, path)


def _directions_beside(path: Path, job: JobContext) -> Path | None:
    """The direction file that a projection file is named after, by the tool or by Corrie, if it can be read."""
    for name in (path.name.partition("_proj_")[0], directions_path(path).name):
        beside = path.with_name(name) if name not in ("", path.name) else None
        if beside is not None and beside.is_file() and is_original_file(beside, job):
            return beside
    return None


def _items(results: tuple[Result, ...], notes: tuple[str, ...], path: Path) -> ImportedItems:
    stem = path.stem if len(path.stem) <= _LONGEST_NAME else f"…{path.stem[-_LONGEST_NAME:]}"
    items = tuple(
        ResultItem(
            id=new_id(kind_of(result)),
            name=f"{_WORDS[kind_of(result)]} from {stem}",
            created_utc=utc_now(),
            network_id="",
            dataset_id="",
            result=result,
        )
        for result in results
    )
    return ImportedItems(items=items, notes=notes)
