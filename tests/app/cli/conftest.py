"""The command line as a user has it: a folder of his own, an empty one to work in, and what a command prints."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.cli.group import run
from tests.app.cli.house import build_house
from tests.threads import kept_threads


@dataclass(frozen=True)
class Outcome:
    """What a command left behind on the terminal."""

    status: int
    out: str
    err: str

    @property
    def values(self) -> dict[str, Any]:
        """Standard output as the one JSON object it must be."""
        return json.loads(self.out, parse_constant=_no_json)

    @property
    def sentence(self) -> str:
        """The one line that a failure may print, after which it must have stopped."""
        assert (self.status, self.out) == (1, ""), self
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("corrie: ")
        assert lines[0].endswith((".", "?"))
        assert "Traceback" not in self.err
        return lines[0].removeprefix("corrie: ")


def _no_json(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


Corrie = Callable[..., Outcome]


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_house(tmp_path_factory.mktemp("house"))


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in an empty folder, with the user's other folders beside it; torch's threads stay as they were."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DOCUMENTS_DIR", "HOME", "TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setattr("tempfile.tempdir", None)
    with kept_threads():
        yield work


@pytest.fixture
def corrie(capsys: pytest.CaptureFixture[str]) -> Corrie:
    """Run a command in this process."""

    def command(*arguments: object) -> Outcome:
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return command


@pytest.fixture
def filled(house: Path, corrie: Corrie, own_folder: Path) -> Path:
    """A session with a surface, a spectrum and a correction, as three commands made it."""
    session = own_folder / "all.corrie.h5"
    commands = (
        ("landscape", house / "reader.toml", house / "digits.npz", "--grid", 5, "--samples", 16),
        ("spectrum", house / "reader.toml", house / "digits.npz", "--top", 2, "--samples", 16),
        ("corrections", house / "judge.toml", house / "corners.csv", "--free", "width,height"),
    )
    for command in commands:
        outcome = corrie(*command, "-o", session)
        assert outcome.status == 0, outcome
    return session
