"""Files that were made to hang, to exhaust memory, to run programs, or to be misread."""

import gzip
import io
import os
import pickle  # noqa: TID251  to write a batch
import struct
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.data.loading import open_dataset
from core.data.tables.guessing import guess_table
from core.errors import Cancelled, CorrieError, DataError, UnreadableFile
from core.job import ControlledJob, JobContext

CARD = 'target = "y"\nclasses = ["0", "1"]\n[[features]]\nname = "u"\n'


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def declared(kind: str, shape: tuple[int, ...], content: bytes = b"") -> bytes:
    """An .npy that declares any shape."""
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content


def archive(folder: Path, **members: bytes) -> Path:
    path = folder / "samples.npz"
    members = {"x": npy(np.zeros((4, 3))), "y": npy(np.array([0, 1, 0, 1])), **members}
    with zipfile.ZipFile(path, "w") as written:
        for name, content in members.items():
            written.writestr(f"{name}.npy", content)
    return path


def table(folder: Path, rows: str, card: str = CARD) -> Path:
    (folder / "people.features.toml").write_text(card)
    path = folder / "people.csv"
    path.write_text(rows)
    return path


def batch(path: Path, **labels: list[int]) -> None:
    content = {b"data": np.zeros((2, 3072), np.uint8), **{name.encode(): values for name, values in labels.items()}}
    path.write_bytes(pickle.dumps(content, 2))


def drawing(folder: Path, x: str, y: str) -> Path:
    path = folder / "cats.ndjson"
    path.write_text(f'{{"word": "cat", "drawing": [[[{x}], [{y}]]]}}\n')
    return path


@pytest.mark.parametrize("names", ["classes", "targets"])
def test_names_without_end_in_a_small_file_are_refused_at_once(tmp_path: Path, names: str) -> None:
    with pytest.raises(DataError, match="1,000,000,000 classes or targets"):
        open_dataset(archive(tmp_path, **{names: declared("<U0", (10**9,))}))


@pytest.mark.parametrize("letter", [0x7FFFFFFF, 0xD800])
def test_names_of_classes_that_are_no_letters_are_refused(tmp_path: Path, letter: int) -> None:
    content = struct.pack("<II", letter, letter)
    with pytest.raises(DataError, match="no text"):
        open_dataset(archive(tmp_path, classes=declared("<U1", (2,), content)))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes in folders")
@pytest.mark.parametrize("name", ["samples.npz", "people.ndjson", "x.npy", "train-labels-idx1-ubyte", "test_batch"])
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    beside = {"x.npy": ("y.npy", npy(np.zeros(2))), "train-labels-idx1-ubyte": ("train-images-idx3-ubyte", b"")}
    other, content = beside.get(name, (name, b""))
    if other != name:
        head = bytes([0, 0, 8, 3]) + struct.pack(">III", 1, 1, 1) + b"\0"
        (tmp_path / other).write_bytes(content or head)
    with pytest.raises(UnreadableFile, match="pipe or a device"):
        open_dataset(tmp_path / other)


@pytest.mark.parametrize("packed", [False, True])
def test_idx_sizes_whose_product_hides_behind_a_zero_are_refused(tmp_path: Path, *, packed: bool) -> None:
    ending = ".gz" if packed else ""
    images = bytes([0, 0, 8, 3]) + struct.pack(">III", 2**32 - 1, 0, 2**32 - 1)
    labels = bytes([0, 0, 8, 1]) + struct.pack(">I", 1) + b"\0"
    for name, content in (("images-idx3", images), ("labels-idx1", labels)):
        (tmp_path / f"train-{name}-ubyte{ending}").write_bytes(gzip.compress(content) if packed else content)
    with pytest.raises(UnreadableFile, match="sizes is 0"):
        open_dataset(tmp_path)


def test_batches_of_both_cifars_in_one_folder_are_not_mixed(tmp_path: Path) -> None:
    batch(tmp_path / "data_batch_1", labels=[0, 1])
    batch(tmp_path / "data_batch_2", fine_labels=[0, 1])
    with pytest.raises(DataError, match="partly of CIFAR-10 and partly"):
        open_dataset(tmp_path)


def test_an_archive_with_a_batch_twice_is_refused(tmp_path: Path) -> None:
    batch(tmp_path / "data_batch_1", labels=[0, 1])
    path = tmp_path / "cifar-10-python.tar.gz"
    with tarfile.open(path, "w:gz") as written:
        for folder in ("one", "two"):
            written.add(tmp_path / "data_batch_1", f"{folder}/data_batch_1")
    with pytest.raises(UnreadableFile, match="data_batch_1 twice"):
        open_dataset(path)


@pytest.mark.parametrize(
    ("kind", "size", "repeated"), [(tarfile.XHDTYPE, 2**24, 1), (tarfile.GNUTYPE_LONGNAME, 0, 5000)]
)
def test_headers_without_end_in_an_archive_are_refused(tmp_path: Path, kind: bytes, size: int, repeated: int) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = kind, size
    path = tmp_path / "cifar-10-python.tar.gz"
    path.write_bytes(gzip.compress(header.tobuf() * repeated + b"11 a=bcdef\n" * (size // 11 + 1), 1))
    with pytest.raises(UnreadableFile, match=r"no[t]? a whole \.tar\.gz"):
        open_dataset(path)


def test_a_postscript_program_that_is_called_a_picture_is_not_run(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.png").write_bytes(
            b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 4 4\n%%EndComments\n(seen) (w) file\n%%EOF\n"
        )
    with pytest.raises(UnreadableFile, match="cannot identify"):
        open_dataset(tmp_path)


@pytest.mark.parametrize("turning", range(1, 9))
def test_pictures_that_a_camera_marked_as_turned_are_turned_upright(tmp_path: Path, turning: int) -> None:
    pixels = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    marked = Image.Exif()
    marked[0x0112] = turning
    stored = {
        1: pixels,
        2: pixels[:, ::-1],
        3: pixels[::-1, ::-1],
        4: pixels[::-1],
        5: pixels.transpose(1, 0, 2),
        6: np.rot90(pixels, 1),
        7: np.rot90(pixels, 2).transpose(1, 0, 2),
        8: np.rot90(pixels, -1),
    }[turning]
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        Image.fromarray(np.ascontiguousarray(stored)).save(tmp_path / name / "1.png", exif=marked)
    data = open_dataset(tmp_path)
    assert data.x.shape == (2, 4, 6, 3)
    assert (data.x[0] == pixels).all()


def test_a_coordinate_of_thousands_of_digits_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="Line 1 holds no drawing"):
        open_dataset(drawing(tmp_path, f"1, {'9' * 4000}", "1, 2"))


def test_a_pen_that_goes_on_for_ever_is_refused(tmp_path: Path) -> None:
    x = ", ".join(str(index % 2 * 1000) for index in range(50_000))
    y = ", ".join(str(index % 3) for index in range(50_000))
    with pytest.raises(UnreadableFile, match="200 times across"):
        open_dataset(drawing(tmp_path, x, y))


def test_millions_of_empty_lines_can_be_stopped(tmp_path: Path) -> None:
    path = tmp_path / "cats.ndjson.gz"
    path.write_bytes(gzip.compress(b"\n" * 2**24, 1))
    job = ControlledJob()
    job.cancel()
    with pytest.raises(Cancelled):
        open_dataset(path, job=job)


def test_rows_behind_a_quotation_mark_that_is_never_closed_are_not_swallowed(tmp_path: Path) -> None:
    path = table(tmp_path, 'u,y,note\n1,0,a\n2,1,"b\n3,0,c\n4,1,d\n')
    with pytest.raises(UnreadableFile, match="quotation mark in row 3 is never closed"):
        open_dataset(path)
    with pytest.raises(UnreadableFile, match="row 3 is never closed"):
        guess_table(path, JobContext())


def test_text_of_several_lines_in_quotes_stays_one_cell(tmp_path: Path) -> None:
    assert open_dataset(table(tmp_path, 'u,y,note\n1,0,"a\nb ""c""\n"\n2,1,d\n')).y.tolist() == [0, 1]


def test_a_quoted_cell_that_is_too_long_is_refused_by_the_guess(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="field limit"):
        guess_table(table(tmp_path, f'u,y\n"{"a" * 140_000}",0\n2,1\n'), JobContext())


def test_a_table_of_many_thousand_columns_takes_a_moment(tmp_path: Path) -> None:
    names = [f"c{index}" for index in range(30_000)]
    path = table(tmp_path, "\n".join([",".join(names), *[",".join(["1"] * len(names))] * 3]))
    assert len(guess_table(path, JobContext()).columns) == len(names)
    with pytest.raises(DataError, match="and 29980 more") as refusal:
        open_dataset(path)
    assert len(str(refusal.value)) < 1000


def test_a_category_of_many_levels_takes_no_more_than_its_rows(tmp_path: Path) -> None:
    levels = ", ".join(f'"{index}"' for index in range(40_000))
    card = f'{CARD}kind = "category"\nlevels = [{levels}]\n'
    data = open_dataset(table(tmp_path, "u,y\n1,0\n39999,1\n", card))
    assert data.x.shape == (2, 40_000)
    assert data.x.argmax(axis=1).tolist() == [1, 39_999]
    assert data.x.sum() == 2


@pytest.mark.parametrize("line", ["low = " + "[" * 5000, "low = " + "9" * 5000, "low = -inf", "high = nan"])
def test_a_feature_card_that_breaks_its_reader_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(CorrieError, match=r"not valid TOML|finite ends"):
        open_dataset(table(tmp_path, "u,y\n1,0\n2,1\n", f"{CARD}{line}\n"))
