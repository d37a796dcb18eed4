"""Drawings as line slots, and back."""

import gzip
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.drawings.reading import read_drawing_set, read_drawings
from core.data.drawings.strokes import EMPTY, line_count, line_slots, simplified, strokes_of
from core.data.loading import open_dataset
from core.errors import DataError, UnreadableFile
from tests.realdata import realdata_path

SQUARE = [[[10, 200, 200, 10, 10], [10, 10, 200, 200, 10]]]
coordinate = st.integers(0, 255)
stroke = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=12)


def as_strokes(points: list[list[tuple[int, int]]]) -> tuple[np.ndarray, ...]:
    return tuple(np.array(one, dtype=np.float64).T for one in points)


def ndjson(path: Path, *entries: dict[str, object]) -> Path:
    content = "".join(json.dumps(entry) + "\n" for entry in entries).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def quarter(x: int, y: int, half: int) -> int:
    return {(0, 0): 0, (0, 1): 1, (1, 1): 2, (1, 0): 3}[int(x >= half), int(y >= half)]


def place(x: int, y: int) -> list[int]:
    """Where a point comes, quarter by quarter, as the authors compare points."""
    digits, half = [], 128
    while half >= 1:
        digits.append(quarter(x, y, half))
        x, y, half = x % half, y % half, half // 2
    return digits


@given(st.lists(stroke, min_size=1, max_size=8))
def test_slots_are_those_of_the_authors_rules(points: list[list[tuple[int, int]]]) -> None:
    lines = []
    for one in points:
        for (x1, y1), (x2, y2) in pairwise(one):
            lines.append((x1, y1, x2, y2) if (x1, y1) <= (x2, y2) else (x2, y2, x1, y1))
    lines.sort(key=lambda line: (place(line[0], line[1]), place(line[2], line[3])))
    slots = line_slots(as_strokes(points))
    assert slots.shape == (4, 128)
    assert slots.T[: len(lines)].tolist() == [list(line) for line in lines]
    assert (slots.T[len(lines) :] == EMPTY).all()


@given(st.lists(stroke, min_size=1, max_size=8))
def test_strokes_of_slots_draw_the_same_lines(points: list[list[tuple[int, int]]]) -> None:
    slots = line_slots(as_strokes(points))
    again = strokes_of(slots)
    assert (line_slots(again) == slots).all()
    assert line_count(again) == line_count(as_strokes(points))


def test_lines_that_meet_are_joined_into_one_stroke() -> None:
    (joined,) = strokes_of(line_slots(as_strokes([[(10, 10), (50, 20), (90, 10), (130, 60)]])))
    assert joined.shape == (2, 4)


def test_slots_that_were_moved_stay_where_they_are() -> None:
    slots = line_slots(as_strokes([[(10, 10), (50, 20)]]))
    slots[2, 0] = 60.25
    assert strokes_of(slots)[0].tolist() == [[10, 60.25], [10, 20]]


@pytest.mark.parametrize("name", ["things.ndjson", "things.ndjson.gz"])
def test_words_are_the_classes_and_rows_are_the_drawings(tmp_path: Path, name: str) -> None:
    path = ndjson(
        tmp_path / name,
        {"word": "square", "drawing": SQUARE, "recognized": True, "key_id": "1"},
        {"word": "line", "drawing": [[[0, 255], [0, 255]]], "recognized": False},
        {"word": "square", "drawing": SQUARE},
    )
    data = open_dataset(path)
    assert data.x.dtype == np.float32
    assert data.x.shape == (3, 4, 128)
    assert data.classes == ("line", "square")
    assert data.y.tolist() == [1, 0, 1]
    drawings = read_drawings(path)
    assert [drawing.word for drawing in drawings] == ["square", "line", "square"]
    assert drawings[0].strokes[0].tolist() == SQUARE[0]
    assert [len(read(path, recognised_only=True)) for read in (read_drawing_set, read_drawings)] == [2, 2]


def test_a_folder_holds_one_class_a_file(tmp_path: Path) -> None:
    ndjson(tmp_path / "dog.ndjson", {"word": "dog", "drawing": SQUARE})
    ndjson(tmp_path / "cat.ndjson.gz", {"word": "cat", "drawing": SQUARE})
    data = open_dataset(tmp_path)
    assert data.classes == ("cat", "dog")
    assert data.y.tolist() == [0, 1]


def test_drawings_with_too_many_lines_are_left_out_and_counted(tmp_path: Path) -> None:
    zigzag = [[[index % 200 for index in range(130)], [100 * (index % 2) for index in range(130)]]]
    path = ndjson(tmp_path / "a.ndjson", {"word": "a", "drawing": zigzag}, {"word": "b", "drawing": SQUARE})
    data = open_dataset(path)
    assert data.classes == ("b",)
    assert "1 of 2 drawings left out" in data.source
    assert [drawing.word for drawing in read_drawings(path)] == ["b"]
    assert len(read_drawing_set(path, slots=129)) == 2
    with pytest.raises(DataError, match="no drawing of at most 3 lines"):
        read_drawing_set(path, slots=3)


def test_raw_drawings_are_moved_scaled_and_thinned_as_the_simplified_ones() -> None:
    x = np.linspace(100, 1120, 400)
    line, bend = np.stack([x, x / 2 + 30]), np.array([[100.0, 610, 1120], [80, 200, 80]])
    straight, bent = simplified((line, bend))
    assert straight.tolist() == [[0, 255], [0, 128]]
    assert np.allclose(bent, [[0, 127.5, 255], [0, 30, 0]], atol=1)


@given(
    st.lists(st.lists(st.tuples(st.floats(0, 900), st.floats(0, 700)), min_size=1, max_size=30), min_size=1, max_size=4)
)
def test_a_simplified_drawing_fills_the_box_and_keeps_to_the_tolerance(points: list[list[tuple[float, float]]]) -> None:
    raw = as_strokes(points)
    extent = max(float(np.ptp(np.concatenate(raw, axis=1)[axis])) for axis in (0, 1))
    thin = simplified(raw)
    every = np.concatenate(thin, axis=1)
    assert every.min() >= 0
    assert every.max() <= 255
    if extent > 1:
        assert every.max() >= 252  # a corner between two points a pixel apart, within the tolerance
        low = np.concatenate(raw, axis=1).min(axis=1, keepdims=True)
        for drawn, kept in zip(raw, thin, strict=True):
            for point in ((drawn - low) * 255 / extent).T:
                assert distance(point, kept) < 2 + 1.5  # and what rounding moves


def distance(point: np.ndarray, stroke: np.ndarray) -> float:
    """From a stroke, point by point along it."""
    dense = [stroke[:, :1]]
    for start, end in pairwise(stroke.T):
        dense.append(start[:, None] + (end - start)[:, None] * np.linspace(0, 1, 400))
    return float(np.hypot(*(np.concatenate(dense, axis=1) - point[:, None])).min())


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        "{}",
        '{"word": "a"}',
        '{"word": "a", "drawing": []}',
        '{"word": 3, "drawing": [[[1, 2], [1, 2]]]}',
        '{"word": "a", "drawing": [[[1, 2], [1]]]}',
        '{"word": "a", "drawing": [[[], []]]}',
        '{"word": "a", "drawing": [[1, 2]]}',
        '{"word": "a", "drawing": [[["a"], ["b"]]]}',
        '{"word": "a", "drawing": [[[NaN], [1]]]}',
        '{"word": "a", "drawing": [[[1e400], [1]]]}',
        '{"word": "a", "drawing": [[[1e9], [1]]]}',
        '{"word": "a", "drawing": [[[true], [1]]]}',
        '{"word": "a", "drawing": ' + "[" * 50_000,
        '{"word": "\\ud800", "drawing": [[[1, 2], [1, 2]]]}',
        '{"word": "a", "drawing": [[[' + "9" * 5000 + "], [1]]]}",
    ],
)
def test_a_line_that_is_no_drawing_is_refused_with_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.ndjson"
    path.write_text(json.dumps({"word": "a", "drawing": SQUARE}) + "\n\n" + line + "\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match=r"a\.ndjson: Line 3 holds no drawing"):
        open_dataset(path)


def test_damaged_and_empty_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = ndjson(tmp_path / "a.ndjson.gz", *[{"word": "a", "drawing": SQUARE}] * 50)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UnreadableFile, match="cannot be read"):
        open_dataset(path)
    (tmp_path / "b.ndjson").touch()
    with pytest.raises(DataError, match="no drawing"):
        open_dataset(tmp_path / "b.ndjson")
    with pytest.raises(UnreadableFile, match="no such file"):
        open_dataset(tmp_path / "c.ndjson")
    monkeypatch.setattr("core.data.drawings.reading.LONGEST_LINE", 100)
    with pytest.raises(UnreadableFile, match="Line 1 has more than"):
        open_dataset(ndjson(tmp_path / "d.ndjson", {"word": "a" * 200, "drawing": SQUARE}))


@pytest.mark.realdata
def test_the_real_cats_fit_into_the_slots_and_can_be_drawn_again() -> None:
    path = realdata_path("quickdraw-cats/cat_simplified25.ndjson")
    data = open_dataset(path)
    drawings = read_drawings(path)
    assert len(data) == len(drawings) == 25
    assert not any(drawing.is_raw for drawing in drawings)
    for slots, drawing in zip(data.x, drawings, strict=True):
        assert line_count(strokes_of(slots)) == line_count(drawing.strokes) == (slots[0] < EMPTY).sum()


@pytest.mark.realdata
def test_real_raw_cats_have_the_number_of_lines_that_simplified_ones_have(tmp_path: Path) -> None:
    with gzip.open(realdata_path("quickdraw-cats/quickdraw_raw_all.ndjson.gz"), "rt", encoding="utf-8") as file:
        lines = [line for line in file if '"word":"cat"' in line]
    (tmp_path / "cats.ndjson").write_text("".join(lines), encoding="utf-8")
    cats = read_drawings(tmp_path / "cats.ndjson")
    assert len(cats) == 25
    assert all(drawing.is_raw for drawing in cats)
    counts = [line_count(simplified(drawing.strokes)) for drawing in cats]
    assert min(counts) >= 10
    assert max(counts) <= 80  # 13 to 67 by another program, whose lines go on beyond their ends
