"""What nobody foresaw: one sentence on the terminal, and the details in a file that it names."""

import importlib
from pathlib import Path

import pytest

from app.cli.group import VERBS
from core.places import FOLDER_VARIABLE, log_folder
from tests.app.cli.conftest import Corrie


@pytest.fixture(autouse=True)
def faulty_verb(monkeypatch: pytest.MonkeyPatch) -> None:
    importlib.import_module("tests.app.cli.unforeseen")
    monkeypatch.setitem(VERBS, "unforeseen", ("tests.app.cli.unforeseen", "Fail."))


def lines(outcome_err: str) -> list[str]:
    assert "Traceback" not in outcome_err
    return outcome_err.splitlines()


def test_a_mistake_in_the_program_is_one_sentence_and_a_file_with_the_details(corrie: Corrie) -> None:
    outcome = corrie("unforeseen", "bug")
    (line,) = lines(outcome.err)
    assert (outcome.status, outcome.out) == (1, "")
    assert "Something went wrong inside Corrie (KeyError)" in line
    log = Path(line.rpartition(" are in ")[2])
    assert log.parent == log_folder()
    text = log.read_text(encoding="utf-8")
    assert "KeyError: 'missing'" in text
    assert "unforeseen.py" in text
    assert "'unforeseen', 'bug'" in text
    assert "torch 2" in text


def test_where_the_log_folder_cannot_be_made_the_details_go_elsewhere(
    corrie: Corrie, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "file"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (line,) = lines(corrie("unforeseen", "deep").err)
    log = Path(line.rpartition(" are in ")[2])
    assert log.parent == tmp_path / "temporary"
    assert "RecursionError" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["memory", "tensor"])
def test_a_lack_of_memory_is_called_by_its_name(corrie: Corrie, kind: str) -> None:
    outcome = corrie("unforeseen", kind)
    (line,) = lines(outcome.err)
    assert outcome.status == 1
    assert "memory of this computer does not suffice. Ask for fewer" in line


def test_an_error_of_the_system_names_the_file(corrie: Corrie) -> None:
    sentence = corrie("unforeseen", "disk").sentence
    assert sentence == "/nowhere/at/all: No such file or directory. Check the path and its permissions."


def test_an_early_ctrl_c_ends_with_its_own_status(corrie: Corrie) -> None:
    outcome = corrie("unforeseen", "ctrl-c")
    assert (outcome.status, outcome.out) == (130, "")
    assert lines(outcome.err)[-1] == "corrie: Stopped. Nothing was written."
