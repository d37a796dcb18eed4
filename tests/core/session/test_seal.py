"""What an installation wrote is known to it alone, and never by anything that lies beside the file."""

from pathlib import Path

import pytest

from core.session import seal as seals
from core.session.seal import is_sealed, seal, seal_folder

ONE, OTHER = "a" * 64, "b" * 64


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRIE_SETTINGS_DIR", str(tmp_path / "user"))


def test_only_what_was_sealed_is() -> None:
    assert not is_sealed(ONE)
    assert seal(ONE)
    assert is_sealed(ONE)
    assert not is_sealed(OTHER)


def test_the_list_is_worth_nothing_without_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seal(ONE)
    stolen = (seal_folder() / seals.LIST).read_bytes()
    assert ONE.encode() not in stolen
    monkeypatch.setenv("CORRIE_SETTINGS_DIR", str(tmp_path / "another"))
    seal(OTHER)
    (seal_folder() / seals.LIST).write_bytes(stolen)
    assert not is_sealed(ONE)


def test_without_a_folder_that_can_be_used_nothing_is_sealed_and_nothing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("CORRIE_SETTINGS_DIR", str(tmp_path / "file"))
    assert not seal(ONE)
    assert not is_sealed(ONE)


def test_a_damaged_key_is_replaced_and_old_seals_are_void() -> None:
    seal(ONE)
    (seal_folder() / seals.KEY).write_bytes(b"short")
    assert not is_sealed(ONE)
    assert seal(OTHER)
    assert is_sealed(OTHER)
    assert not is_sealed(ONE)


def test_the_oldest_seals_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "MOST_SEALS", 10)
    digests = [f"{number:064x}" for number in range(25)]
    assert all(seal(digest) for digest in digests)
    assert is_sealed(digests[-1])
    assert not is_sealed(digests[0])
    assert (seal_folder() / seals.LIST).stat().st_size <= 10 * 65
