"""Files that were cut, flipped or mistaken for sessions."""

import random
from pathlib import Path

import pytest

from core.errors import SessionError
from core.session.document import Document
from core.session.files import open_document, save_document
from tests import documents
from tests.sameness import differences


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Document]:
    path = tmp_path_factory.mktemp("whole") / "session.corrie.h5"
    save_document(documents.document(), path)
    return path.read_bytes(), open_document(path, apart=False)


def opened_or_refused(content: bytes, path: Path) -> Document | None:
    path.write_bytes(content)
    try:
        return open_document(path, apart=False)
    except SessionError as error:
        said = str(error)
    assert said.startswith(f"{path}: ")
    assert said.endswith(".")
    return None


def test_a_flipped_bit_is_refused_or_changes_nothing(saved: tuple[bytes, Document], tmp_path: Path) -> None:
    content, truth = saved
    numbers = random.Random(4)
    refused = 0
    for _ in range(100):
        at = numbers.randrange(len(content))
        flipped = bytearray(content)
        flipped[at] ^= 1 << numbers.randrange(8)
        back = opened_or_refused(bytes(flipped), tmp_path / "flipped.corrie.h5")
        refused += back is None
        assert back is None or differences(back, truth) == [], f"byte {at}"
    assert refused > 20  # the rest lies in padding that nothing reads


def test_a_flipped_bit_in_the_loss_is_refused_by_name(saved: tuple[bytes, Document], tmp_path: Path) -> None:
    content, _ = saved
    surface = documents.surface()
    for array, name in ((surface.loss, "loss"), (surface.accuracy, "accuracy")):
        at = content.index(array.tobytes()) + 400
        flipped = content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :]
        (tmp_path / "s.h5").write_bytes(flipped)
        with pytest.raises(SessionError, match=f"surfaces/surface-0/{name}"):
            open_document(tmp_path / "s.h5", apart=False)


def test_a_flipped_byte_in_packed_data_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.corrie.h5"
    save_document(Document().with_item(documents.result_item(documents.surface(150, 150), "a", "A")), path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255  # the arrays fill most of the file
    path.write_bytes(content)
    with pytest.raises(SessionError):
        open_document(path, apart=False)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused_with_how_much_is_there(
    saved: tuple[bytes, Document], tmp_path: Path, share: float
) -> None:
    content, _ = saved
    path = tmp_path / "cut.corrie.h5"
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(SessionError, match=f"truncated: .* of {len(content):,} bytes"):
        open_document(path, apart=False)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "It is empty"),
        (b"PK\x03\x04 a zip archive", "It is not an HDF5 file"),
        (b"\x89HDF\r\n\x1a\n", "Its beginning is damaged"),
        (b"\x89HDF\r\n\x1a\n" + bytes(200), "It is damaged"),
    ],
)
def test_a_file_that_is_no_hdf5_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "other.corrie.h5"
    path.write_bytes(content)
    with pytest.raises(SessionError, match=said):
        open_document(path, apart=False)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="no such file"):
        open_document(tmp_path / "nowhere.corrie.h5", apart=False)
    with pytest.raises(SessionError, match="not a file"):
        open_document(tmp_path, apart=False)
