"""Folders of pictures: one sub-folder for each class."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.data.loading import open_dataset
from core.errors import Cancelled, CorrieError, DataError, UnreadableFile
from core.job import ControlledJob

RANDOM = np.random.default_rng(0)


def picture(path: Path, size: tuple[int, int] = (4, 6), mode: str = "RGB") -> np.ndarray:
    """Write a picture of (height, width), and give its pixels."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shape = size if mode == "L" else (*size, len(mode))
    pixels = RANDOM.integers(0, 256, shape, dtype=np.uint8)
    Image.fromarray(pixels, mode).save(path)
    return pixels


def two_classes(folder: Path, mode: str = "RGB") -> dict[str, np.ndarray]:
    names = ("dogs/10.png", "cats/b.bmp", "cats/a.png", "dogs/9.png")
    return {name: picture(folder / name, mode=mode) for name in names}


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_pictures_come_in_the_order_of_their_names(tmp_path: Path, mode: str) -> None:
    pixels = two_classes(tmp_path, mode)
    data = open_dataset(tmp_path)
    assert data.classes == ("cats", "dogs")
    assert data.y.tolist() == [0, 0, 1, 1]
    assert data.x.shape == ((4, 4, 6) if mode == "L" else (4, 4, 6, 3))
    for index, name in enumerate(("cats/a.png", "cats/b.bmp", "dogs/10.png", "dogs/9.png")):
        assert (data.x[index] == pixels[name]).all()


def test_grey_pictures_among_coloured_ones_become_coloured_and_transparency_is_dropped(tmp_path: Path) -> None:
    two_classes(tmp_path)
    grey = picture(tmp_path / "cats" / "grey.png", mode="L")
    clear = picture(tmp_path / "dogs" / "clear.png", mode="RGBA")
    data = open_dataset(tmp_path)
    assert (data.x[2] == grey[..., None]).all()
    assert (data.x[5] == clear[..., :3]).all()


def test_hidden_files_and_other_kinds_are_skipped(tmp_path: Path) -> None:
    two_classes(tmp_path)
    for name in (".hidden.png", "notes.txt", "Thumbs.db"):
        (tmp_path / "cats" / name).write_text("no picture")
    picture(tmp_path / ".git" / "a.png")
    picture(tmp_path / "__pycache__" / "a.png")
    (tmp_path / "readme.md").touch()
    assert len(open_dataset(tmp_path)) == 4


def test_pictures_of_different_sizes_are_refused_with_the_way_to_scale_them(tmp_path: Path) -> None:
    two_classes(tmp_path)
    picture(tmp_path / "dogs" / "odd.png", (5, 5))
    with pytest.raises(DataError, match=r"odd\.png: this picture has 5 × 5 pixels, most others 6 × 4.*:4x6"):
        open_dataset(tmp_path)
    for data in (open_dataset(tmp_path, size=(4, 6)), open_dataset(f"{tmp_path}:4x6")):
        assert data.x.shape == (5, 4, 6, 3)


def test_train_and_test_folders_are_parts_of_one_set(tmp_path: Path) -> None:
    for part, count in (("train", 3), ("val", 2)):
        for index in range(count):
            picture(tmp_path / part / "cats" / f"{index}.png")
        picture(tmp_path / part / "dogs" / "0.png")
    assert len(open_dataset(tmp_path)) == 4
    assert len(open_dataset(f"{tmp_path}:test")) == 3
    assert open_dataset(f"{tmp_path}:test").classes == ("cats", "dogs")


def test_a_damaged_picture_is_refused_by_name(tmp_path: Path) -> None:
    two_classes(tmp_path)
    bent = tmp_path / "cats" / "b.bmp"
    whole = bent.read_bytes()
    for content in (b"", b"no picture", whole[:20], whole[: len(whole) - 20]):
        bent.write_bytes(content)
        with pytest.raises(UnreadableFile, match=r"b\.bmp.*cannot be read"):
            open_dataset(tmp_path)


def huge_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that declares many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [10_000, 50_000])
def test_a_picture_that_would_exhaust_the_memory_is_refused(tmp_path: Path, side: int) -> None:
    two_classes(tmp_path)
    (tmp_path / "cats" / "bomb.png").write_bytes(huge_png(side, side))
    with pytest.raises(UnreadableFile, match=r"bomb\.png.*million pixels"):
        open_dataset(tmp_path)


def test_pictures_of_16_bits_are_refused_rather_than_cut(tmp_path: Path) -> None:
    two_classes(tmp_path)
    Image.fromarray(np.full((4, 6), 60_000, np.uint16)).save(tmp_path / "cats" / "deep.png")
    with pytest.raises(UnreadableFile, match=r"deep\.png.*8 bits"):
        open_dataset(tmp_path)


def test_folders_without_pictures_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no pictures"):
        open_dataset(tmp_path)
    two_classes(tmp_path)
    with pytest.raises(DataError, match="no pictures in empty"):
        open_dataset(tmp_path)
    (tmp_path / "bare").mkdir()
    picture(tmp_path / "bare" / "a.png")
    with pytest.raises(UnreadableFile, match="No data"):
        open_dataset(tmp_path / "bare")


def test_reading_can_be_stopped(tmp_path: Path) -> None:
    two_classes(tmp_path)
    job = ControlledJob(on_progress=lambda *_: job.cancel())
    with pytest.raises(Cancelled):
        open_dataset(tmp_path, job=job)


def test_random_bytes_as_pictures_are_refused_with_a_sentence(tmp_path: Path) -> None:
    two_classes(tmp_path)
    for index, magic in enumerate(
        (b"\x89PNG\r\n\x1a\n", b"BM", b"GIF89a", b"\xff\xd8\xff\xe0", b"II*\0", b"P5 9 9 255\n")
    ):
        path = tmp_path / "cats" / f"z{index}.png"
        path.write_bytes(magic + RANDOM.integers(0, 256, 300, dtype=np.uint8).tobytes())
        with pytest.raises(CorrieError, match=path.name):
            open_dataset(tmp_path)
        path.unlink()
