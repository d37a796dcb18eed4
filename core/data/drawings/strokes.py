"""Strokes of a drawing as line slots, the input of the drawing network of Zhang et al. 2018, and back.

Encoding of the authors' code (github xinpl/Polaris, gold_cat/common.py, MIT): every line between two neighbouring
points of a stroke is (x1, y1, x2, y2), whole numbers from 0 to 255, its left end first (of two ends above one another
the upper one). The lines are sorted by their first ends along a curve that visits the quarters of the square (upper
left, lower left, lower right, upper right), in each the quarters of the quarter, and so on; then by their other ends.
128 slots; empty ones hold 256.
"""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Point = tuple[float, float]
Strokes = tuple[FloatArray, ...]  # each (2, points)

SLOTS = 128
FIELDS = 4  # x1, y1, x2, y2
EMPTY = 256.0
SIDE = 256
TOLERANCE = 2.0  # pixels that a simplified stroke may leave the drawn one by (Quick, Draw!, "simplified drawings")
LARGEST = 255.0


def line_slots(strokes: Strokes, slots: int = SLOTS) -> npt.NDArray[np.float32]:
    """Strokes in the box of 256 × 256 as (4, slots): x1, y1, x2, y2 of every line, channels first.

    Raises
    ------
    ValueError
        If there are more lines than slots.
    """
    lines = _sorted_lines(strokes)
    if len(lines) > slots:
        raise ValueError(f"{len(lines)} lines do not fit into {slots} slots")
    filled = np.full((FIELDS, slots), EMPTY, dtype=np.float32)
    filled[:, : len(lines)] = lines.T
    return filled


def strokes_of(slots: npt.NDArray[np.generic]) -> Strokes:
    """Strokes that draw the same lines: the inverse of `line_slots`, up to how the pen went.

    The slots keep neither the order of the lines nor which of them were drawn in one go. Here lines that meet are
    joined again into strokes, each line once, so that ``line_slots(strokes_of(s)) == s``. Slots that a correction has
    moved are taken as they are; empty is a slot of which any number is 256 or more.
    """
    lines = np.asarray(slots, dtype=np.float64).T
    lines = lines[(lines < EMPTY).all(axis=1)]
    meeting: dict[Point, list[int]] = {}
    for index, line in enumerate(lines):
        for end in _ends(line):
            meeting.setdefault(end, []).append(index)
    drawn: set[int] = set()
    strokes = []
    for index in range(len(lines)):
        if index not in drawn:
            drawn.add(index)
            start, end = _ends(lines[index])
            forwards, backwards = _followed(end, lines, meeting, drawn), _followed(start, lines, meeting, drawn)
            strokes.append(np.array([*backwards[::-1], start, end, *forwards]).T)
    return tuple(strokes)


def _followed(point: Point, lines: FloatArray, meeting: dict[Point, list[int]], drawn: set[int]) -> list[Point]:
    """The points that lines not drawn yet lead to, one after the other; marks them as drawn."""
    points: list[Point] = []
    while (following := next((index for index in meeting[point] if index not in drawn), None)) is not None:
        drawn.add(following)
        start, end = _ends(lines[following])
        point = end if start == point else start
        points.append(point)
    return points


def _ends(line: FloatArray) -> tuple[Point, Point]:
    x1, y1, x2, y2 = line.tolist()
    return (x1, y1), (x2, y2)


def line_count(strokes: Strokes) -> int:
    """How many slots the strokes take."""
    return sum(stroke.shape[1] - 1 for stroke in strokes)


def simplified(strokes: Strokes) -> Strokes:
    """A raw drawing as Quick, Draw! simplifies it: moved and scaled into 0 to 255, and thinned out.

    Its four steps: the upper left corner to 0, the longer side to 255, a point every pixel, and of these only those
    that keep every stroke within `TOLERANCE` (Ramer 1972, Douglas & Peucker 1973).
    """
    every = np.concatenate(strokes, axis=1)
    low = every.min(axis=1, keepdims=True)
    extent = float((every.max(axis=1, keepdims=True) - low).max())
    scale = LARGEST / extent if extent > 0 else 1.0
    return tuple(np.round(_thinned(_resampled((stroke - low) * scale))) for stroke in strokes)


def drawn_stroke(points: FloatArray) -> FloatArray:
    """A stroke (2, points) drawn by hand on a paper of 256 × 256, on whole pixels and thinned as `simplified` does.

    A stroke that comes to a single pixel has one point, and no lines.
    """
    on_paper = np.clip(points, 0.0, LARGEST)
    thinned = np.round(_thinned(_resampled(on_paper)))
    kept = np.append(True, (np.diff(thinned, axis=1) != 0).any(axis=0))
    return thinned[:, kept]


def pen_way(strokes: Strokes) -> float:
    """How far the pen went while it touched the paper, in pixels after scaling as in `simplified`."""
    every = np.concatenate(strokes, axis=1)
    extent = float((every.max(axis=1) - every.min(axis=1)).max())
    way = sum(float(np.hypot(*np.diff(stroke, axis=1)).sum()) for stroke in strokes)
    return way * LARGEST / extent if extent > 0 else 0.0


def _resampled(stroke: FloatArray) -> FloatArray:
    """Points along the stroke, at most one pixel apart, with both its ends."""
    lengths = np.hypot(*np.diff(stroke, axis=1))
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    if along[-1] == 0:
        return stroke[:, :1]
    places = np.append(np.arange(0.0, along[-1]), along[-1])
    return np.stack([np.interp(places, along, row) for row in stroke])


def _thinned(stroke: FloatArray) -> FloatArray:
    """The ends, and the points without which the line would leave the stroke by more than the tolerance."""
    kept = np.zeros(stroke.shape[1], dtype=bool)
    kept[[0, -1]] = True
    waiting = [(0, stroke.shape[1] - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        distances = _distances(stroke[:, first + 1 : last], stroke[:, first], stroke[:, last])
        farthest = int(distances.argmax())
        if distances[farthest] > TOLERANCE:
            middle = first + 1 + farthest
            kept[middle] = True
            waiting += [(first, middle), (middle, last)]
    return stroke[:, kept]


def _distances(points: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """(n,) distances of points (2, n) from the line between two others, and not beyond its ends: pens turn back."""
    along = end - start
    squared = float(along @ along)
    share = np.clip(along @ (points - start[:, None]) / squared, 0, 1) if squared > 0 else np.zeros(points.shape[1])
    distances: FloatArray = np.hypot(*(points - start[:, None] - along[:, None] * share))
    return distances


def _sorted_lines(strokes: Strokes) -> FloatArray:
    """(n, 4) lines in the order of the slots."""
    pairs = [np.concatenate([stroke[:, :-1], stroke[:, 1:]]).T for stroke in strokes if stroke.shape[1] > 1]
    lines = np.round(np.concatenate(pairs)) if pairs else np.zeros((0, FIELDS))
    x1, y1, x2, y2 = lines.T
    turned = (x1 > x2) | ((x1 == x2) & (y1 > y2))
    lines[turned] = lines[turned][:, [2, 3, 0, 1]]
    order = np.lexsort((_along_curve(lines[:, 2:]), _along_curve(lines[:, :2])))
    return lines[order]


def _along_curve(points: FloatArray) -> npt.NDArray[np.int64]:
    """(n,) places of points (n, 2) on the curve through the quarters of quarters."""
    x, y = points.astype(np.int64).T
    place = np.zeros(len(points), dtype=np.int64)
    half = SIDE // 2
    while half:
        right, lower = x // half % 2, y // half % 2
        place = 4 * place + np.where(right == 1, 3 - lower, lower)  # upper left 0, lower left 1, lower right 2, upper 3
        half //= 2
    return place
