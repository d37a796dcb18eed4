"""Help, versions, and what happens when a command is misspelt."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.group import VERBS
from tests.app.cli.conftest import Corrie
from tests.architecture.source import ROOT

ANALYSES = ("landscape", "spectrum", "corrections")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_and_every_option_of_it(corrie: Corrie, verb: str) -> None:
    outcome = corrie(verb, "-h")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.startswith(f"Usage: corrie {verb} ")
    options = outcome.out.partition("Options:\n")[2].splitlines()
    starts = [line for line in options if line.startswith("  -")]
    assert starts
    unexplained = [
        line
        for line, following in zip(options, [*options[1:], ""], strict=True)
        if line.startswith("  -") and "  " not in line.strip() and not following.startswith("      ")
    ]
    assert unexplained == []


def test_the_group_lists_every_verb(corrie: Corrie) -> None:
    outcome = corrie("--help")
    assert outcome.status == 0
    assert all(f"\n  {verb} " in outcome.out for verb in VERBS)


def test_the_version_is_that_of_the_program(corrie: Corrie) -> None:
    from core import __version__  # noqa: PLC0415

    assert corrie("--version").out.strip() == f"corrie, version {__version__}"


def test_a_misspelt_verb_is_wrong_usage_and_the_right_one_is_suggested(corrie: Corrie) -> None:
    outcome = corrie("landscpe", "net.toml", "digits")
    assert (outcome.status, outcome.out) == (2, "")
    assert 'Did you mean "landscape"?' in outcome.err


def test_a_word_like_no_verb_is_answered_with_the_verbs(corrie: Corrie) -> None:
    outcome = corrie("xyzzy")
    assert outcome.status == 2
    assert all(verb in outcome.err for verb in VERBS)


def test_a_file_without_an_ending_is_a_file_for_the_window(
    corrie: Corrie, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    (own_folder / "weights").touch()
    assert "no screen" in corrie("weights").sentence
    assert "no screen" in corrie("missing.corrie.h5").sentence


@pytest.mark.parametrize(
    "arguments",
    [
        ("--bogus",),
        ("landscape",),
        ("landscape", "net.toml"),
        ("landscape", "net.toml", "digits", "--bogus"),
        ("landscape", "net.toml", "digits", "--grid", "1"),
        ("landscape", "net.toml", "digits", "--grid", "five"),
        ("landscape", "net.toml", "digits", "--range", "-1"),
        ("landscape", "net.toml", "digits", "--samples", "0"),
        ("landscape", "net.toml", "digits", "--norm", "filters"),
        ("landscape", "net.toml", "digits", "--seed", "99999999999999999999"),
        ("landscape", "net.toml", "digits", "-o", "."),
        ("spectrum", "net.toml", "digits", "--top", "0"),
        ("corrections", "net.toml", "table.csv"),
        ("corrections", "net.toml", "table.csv", "--free", "a,b", "--stability", "a"),
        ("corrections", "net.toml", "table.csv", "--free", "a,b", "--stability", "a=wide"),
        ("corrections", "net.toml", "table.csv", "--free", "a,b", "--weights", "a=1,a=2"),
        ("corrections", "net.toml", "table.csv", "--free", "a,b", "--row", "-1"),
        ("corrections", "net.toml", "table.csv", "--free", "a,b", "--time-limit", "0"),
        ("export", "all.corrie.h5", "surface"),
        ("info",),
        ("example", "another"),
    ],
)
def test_wrong_usage_ends_with_status_two_and_the_option_at_fault(
    corrie: Corrie, own_folder: Path, arguments: tuple[str, ...]
) -> None:
    outcome = corrie(*arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert "Error: " in outcome.err
    assert list(own_folder.iterdir()) == []


def test_the_help_of_a_verb_comes_without_loading_the_engines() -> None:
    code = "import sys; from app.cli.group import run; run(['--help']); print('torch' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert answer.stdout.splitlines()[-1] == "False"
