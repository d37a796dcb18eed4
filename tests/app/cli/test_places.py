"""Where sessions may be written: asked before anything is computed, and what is there is never harmed."""

from pathlib import Path

import pytest

from tests.app.cli.conftest import Corrie


def ask(house: Path, *options: object) -> tuple[object, ...]:
    return ("landscape", house / "reader.toml", house / "digits.npz", "--grid", 2, "--samples", 4, *options)


def test_a_folder_that_is_missing_is_not_made(corrie: Corrie, house: Path, own_folder: Path) -> None:
    sentence = corrie(*ask(house, "-o", "missing/s.corrie.h5")).sentence
    assert sentence == "missing/s.corrie.h5: The folder does not exist. Choose a folder that exists."
    assert list(own_folder.iterdir()) == []


@pytest.mark.parametrize("verb", ["landscape", "spectrum", "corrections", "example"])
@pytest.mark.parametrize("content", [b"", b"a thesis", b"\x89HDF\r\n\x1a\n" + bytes(600)])
def test_what_is_no_session_is_never_written_over(
    corrie: Corrie, house: Path, own_folder: Path, verb: str, content: bytes
) -> None:
    thesis = own_folder / "thesis.h5"
    thesis.write_bytes(content)
    inputs: dict[str, tuple[object, ...]] = {
        "landscape": (house / "reader.toml", "digits"),
        "spectrum": (house / "reader.toml", "digits"),
        "corrections": (house / "judge.toml", house / "corners.csv", "--free", "width,height"),
        "example": ("--figures", own_folder / "figures"),
    }
    assert "thesis.h5: " in corrie(verb, *inputs[verb], "-o", thesis).sentence
    assert thesis.read_bytes() == content
    assert not (own_folder / "thesis.h5.bak").exists()


def test_a_damaged_session_is_refused_and_left_alone(corrie: Corrie, house: Path, filled: Path) -> None:
    whole = filled.read_bytes()
    filled.write_bytes(whole[: len(whole) // 2])
    for command in (ask(house, "-o", filled), ask(house, "--resume", filled), ("info", filled)):
        assert "truncated" in corrie(*command).sentence
    assert "truncated" in corrie("export", filled, "x", "--to", "x.png").sentence
    assert filled.read_bytes() == whole[: len(whole) // 2]


def test_a_session_that_is_missing_is_named(corrie: Corrie, house: Path, own_folder: Path) -> None:
    for command in (("info", "s.corrie.h5"), ask(house, "--resume", "s.corrie.h5")):
        assert corrie(*command).sentence.startswith("s.corrie.h5: There is no such file")
    assert corrie("info", ".").sentence.startswith(".: It is not a file")
    assert list(own_folder.iterdir()) == []


def test_a_failed_command_leaves_the_session_as_it_was(corrie: Corrie, house: Path, filled: Path) -> None:
    before = {path: path.read_bytes() for path in filled.parent.iterdir()}
    assert corrie(*ask(house, "-o", filled, "--range", 2, 1)).sentence
    assert corrie("landscape", house / "judge.toml", "digits", "-o", filled).sentence
    assert corrie("landscape", house / "lost.toml", "digits", "-o", filled).sentence
    assert {path: path.read_bytes() for path in filled.parent.iterdir()} == before


def test_the_session_before_is_kept_beside_the_new_one(corrie: Corrie, house: Path, filled: Path) -> None:
    before = filled.read_bytes()
    assert corrie(*ask(house, "-o", filled)).status == 0
    assert filled.with_name("all.corrie.h5.bak").read_bytes() == before


@pytest.mark.parametrize("name", ["straße ….corrie.h5", "with space.h5", "no-ending"])
def test_sessions_may_be_called_what_one_likes(corrie: Corrie, house: Path, own_folder: Path, name: str) -> None:
    assert corrie(*ask(house, "-o", name, "--json")).values["session"] == name
    assert len(corrie("info", name, "--json").values["items"]) == 3
    assert [path.name for path in own_folder.iterdir()] == [name]


def test_a_name_that_is_too_long_is_refused_in_one_sentence(corrie: Corrie, house: Path, own_folder: Path) -> None:
    assert "name" in corrie(*ask(house, "-o", "x" * 300 + ".corrie.h5")).sentence
    assert "x" * 300 in corrie("landscape", "x" * 300 + ".toml", "digits").sentence
    assert "x" * 300 in corrie("landscape", house / "reader.toml", "x" * 300 + ".npz").sentence
    assert list(own_folder.iterdir()) == []
