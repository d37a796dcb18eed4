"""Drawings of Quick, Draw! (`.ndjson`, `.ndjson.gz`): one JSON object a line, with a word and the pen's strokes.

Formats: https://github.com/googlecreativelab/quickdraw-dataset. A stroke of a simplified drawing is ``[x, y]`` with
whole numbers from 0 to 255; one of a raw drawing is in pixels of its screen, often with times as a third row.
"""

import gzip
import json
import math
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset
from core.data.drawings.strokes import FIELDS, SLOTS, Strokes, line_count, line_slots, pen_way, simplified
from core.data.mapping import refuse_beyond_memory
from core.errors import DataError, UnreadableFile
from core.job import JobContext

ENDINGS = (".ndjson", ".ndjson.gz")
LONGEST_LINE = 2**24  # bytes of one drawing; raw ones take some ten thousand
LOOK_EVERY = 10_000  # drawings, for the memory that is left
MOST_POINTS = 100_000  # of one drawing
LONGEST_WAY = 50_000.0  # pixels that a pen may go, 200 times across the picture: every one becomes a point


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One drawing as it stands in its file."""

    word: str
    strokes: Strokes = field(repr=False)  # each (2, points): x to the right, y downwards, in the file's units
    recognised: bool = True  # whether the game guessed the word

    @property
    def is_raw(self) -> bool:
        """Whether the points are in pixels of a screen, rather than in the box of 256 × 256 of simplified drawings."""
        return any(
            stroke.size and (stroke.min() < 0 or stroke.max() > 255 or (stroke != np.round(stroke)).any())
            for stroke in self.strokes
        )


def is_drawings(path: Path) -> bool:
    """Whether a file is called like drawings, or a folder holds such files."""
    return bool(_files(path)) if path.is_dir() else path.name.endswith(ENDINGS)


def read_drawing_set(
    path: Path, *, slots: int = SLOTS, recognised_only: bool = False, job: JobContext | None = None
) -> Dataset:
    """Drawings as line slots, the input of the drawing network of Zhang et al. 2018; their words are the classes.

    Parameters
    ----------
    path : Path
        A file, or a folder of them.
    slots : int
        Lines a drawing may have; those with more are left out, and counted in `source`.
    recognised_only : bool
        Leave out those that the game did not recognise.

    Returns
    -------
    Dataset
        ``x`` (n, 4, slots) float32, see `strokes.line_slots`. Its rows are those of `read_drawings` with the same
        arguments, so a drawing can be shown as it was drawn.

    Raises
    ------
    UnreadableFile, DataError
        As `read_drawings`.
    """
    seen, kept = 0, []
    job = job or JobContext()
    for drawing in _drawings(path, job):
        if recognised_only and not drawing.recognised:
            continue
        seen += 1
        lines = _plain(drawing)
        if line_count(lines) <= slots:
            kept.append((drawing.word, line_slots(lines, slots)))
            if len(kept) % LOOK_EVERY == 0:
                refuse_beyond_memory(path, len(kept) * FIELDS * slots * 4)  # as much again when they are put together
    if not kept:
        raise DataError(f"{path}: there is no drawing of at most {slots} lines. Choose another file.")
    words = sorted({word for word, _ in kept})
    places = {word: index for index, word in enumerate(words)}
    left_out = f"; {seen - len(kept)} of {seen} drawings left out, which have more than {slots} lines"
    return Dataset(
        name=path.name.partition(".")[0],
        x=np.stack([slots_of for _, slots_of in kept]),
        y=np.array([places[word] for word, _ in kept], dtype=np.int64),
        classes=tuple(words),
        source=str(path) + (left_out if seen > len(kept) else ""),
    )


def read_drawings(
    path: Path, *, slots: int = SLOTS, recognised_only: bool = False, job: JobContext | None = None
) -> tuple[Drawing, ...]:
    """The drawings behind the rows of `read_drawing_set`, with the strokes as they stand in the file.

    Raises
    ------
    UnreadableFile
        If a file is missing, or a line of it holds no drawing; the text gives its number.
    """
    return tuple(
        drawing
        for drawing in _drawings(path, job or JobContext())
        if (drawing.recognised or not recognised_only) and line_count(_plain(drawing)) <= slots
    )


def strokes_on_paper(drawing: Drawing) -> Strokes:
    """Its strokes on whole pixels from 0 to 255, as networks are fed; those of a single point have no lines and go."""
    return tuple(stroke for stroke in _plain(drawing) if stroke.shape[1] > 1)


def _plain(drawing: Drawing) -> Strokes:
    return simplified(drawing.strokes) if drawing.is_raw else drawing.strokes


def _files(folder: Path) -> list[Path]:
    entries = (entry for entry in folder.iterdir() if not entry.name.startswith("."))
    return sorted(entry for entry in entries if entry.name.endswith(ENDINGS) and entry.is_file())


def _drawings(path: Path, job: JobContext) -> Iterator[Drawing]:
    files = _files(path) if path.is_dir() else [path]
    for index, file in enumerate(files):
        job.progress(index, len(files), file.name)
        for number, line in _lines(file, job):
            yield _parsed(file, number, line)


def _lines(path: Path, job: JobContext) -> Iterator[tuple[int, bytes]]:
    """The lines that are not empty, with their numbers from 1."""
    try:
        with gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb") as file:
            yield from _bounded_lines(path, file, job)
    except FileNotFoundError:
        raise UnreadableFile(path, "There is no such file.", "Check the path.") from None
    except PermissionError as error:
        raise UnreadableFile(path, "You may not read it.", "Ask for the permission, or choose another file.") from error
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(path, f"It cannot be read ({error}).", "It is damaged: get it again.") from error


def _bounded_lines(path: Path, file: "BinaryIO | gzip.GzipFile", job: JobContext) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        job.check()  # for empty lines too: a small archive may unpack to millions of them
        number += 1
        if len(line) > LONGEST_LINE:
            reason = f"Line {number} has more than {LONGEST_LINE >> 20} MB, so it is no drawing."
            raise UnreadableFile(path, reason, "Choose a file of Quick, Draw! drawings.")
        if not line.isspace():
            yield number, line


def _parsed(path: Path, number: int, line: bytes) -> Drawing:
    try:
        entry = json.loads(line)
        strokes = tuple(_stroke(rows) for rows in entry["drawing"])
        word, recognised = entry["word"], bool(entry.get("recognized", True))
        points = np.concatenate(strokes, axis=1).shape[1]  # of no strokes, numpy makes a ValueError
        word.encode()
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError) as error:
        reason = f"Line {number} holds no drawing (word and strokes as JSON)."
        raise UnreadableFile(path, reason, "Correct that line or remove it.") from error
    if points > MOST_POINTS:
        reason = f"The drawing in line {number} has more than {MOST_POINTS:,} points."
        raise UnreadableFile(path, reason, "Remove that line.")
    drawing = Drawing(word=word, strokes=strokes, recognised=recognised)
    if drawing.is_raw and pen_way(strokes) > LONGEST_WAY:
        reason = f"The pen of the drawing in line {number} goes more than 200 times across the picture."
        raise UnreadableFile(path, reason, "Remove that line.")
    return drawing


def _stroke(rows: Sequence[Any]) -> npt.NDArray[np.float64]:
    x, y = rows[0], rows[1]
    if not all(type(value) in (int, float) and math.isfinite(value) for value in (*x, *y)):
        raise ValueError("coordinates must be finite numbers")
    points = np.array([x, y], dtype=np.float64)  # of one length, or numpy refuses
    if points.ndim != 2 or points.shape[1] == 0 or np.abs(points).max() > 1e6:
        raise ValueError("a stroke needs points on a screen")
    return points
