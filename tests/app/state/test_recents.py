"""Recent files: newest first, none twice, missing ones kept."""

import os
from pathlib import Path

import pytest

from app.state.recents import LIMIT, RecentFiles
from app.state.settings import Settings


def made(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.write_bytes(b"")
    return paths


def test_the_newest_file_stands_on_top_and_none_twice(tmp_path: Path) -> None:
    a, b = made(tmp_path, "a", "b")
    recents = RecentFiles(Settings())
    for path in (a, b, a):
        recents.add(path)
    assert recents.existing() == (a, b)


def test_a_link_to_a_file_is_the_same_file(tmp_path: Path) -> None:
    (a,) = made(tmp_path, "a")
    link = tmp_path / "link"
    link.symlink_to(a)
    recents = RecentFiles(Settings())
    recents.add(a)
    recents.add(link)
    assert recents.existing() == (link,)


def test_a_relative_path_is_kept_as_the_absolute_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path, "a")
    monkeypatch.chdir(tmp_path)
    recents = RecentFiles(Settings())
    recents.add(Path("a"))
    assert recents.existing() == (tmp_path / "a",)


def test_a_missing_file_keeps_its_place_and_is_marked(tmp_path: Path) -> None:
    a, b = made(tmp_path, "a", "b")
    recents = RecentFiles(Settings())
    recents.add(a)
    recents.add(b)
    a.unlink()
    assert [(entry.path, entry.exists) for entry in recents.entries()] == [(b, True), (a, False)]
    assert recents.existing() == (b,)
    recents.add(a)  # as named; it cannot be compared on disk
    assert [entry.path for entry in recents.entries()] == [a, b]


def test_the_oldest_files_fall_off_the_end(tmp_path: Path) -> None:
    paths = made(tmp_path, *(f"{number}" for number in range(LIMIT + 3)))
    recents = RecentFiles(Settings())
    for path in paths:
        recents.add(path)
    assert recents.existing() == tuple(reversed(paths[3:]))


def test_removing_and_clearing_are_told_once(tmp_path: Path) -> None:
    a, b = made(tmp_path, "a", "b")
    recents = RecentFiles(Settings())
    recents.add(a)
    recents.add(b)
    told: list[int] = []
    recents.changed.connect(lambda: told.append(len(recents.entries())))
    recents.remove(a)
    recents.remove(a)
    recents.clear()
    recents.clear()
    assert told == [1, 0]
    assert os.listdir(tmp_path)  # noqa: PTH208  the files themselves are untouched


def test_another_start_finds_the_same_list(tmp_path: Path) -> None:
    (a,) = made(tmp_path, "a")
    first = Settings()
    RecentFiles(first).add(a)
    first.save()
    assert RecentFiles(Settings()).existing() == (a,)
