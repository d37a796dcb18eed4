"""The real command where the system is unkind: full disks, locked folders, closed pipes, odd terminals."""

import os
import signal
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("limits and pipes of Unix", allow_module_level=True)

from core.session.files import open_document
from tests.app.cli.children import AND_THEN, CORRIE, EXAMPLES, run_command
from tests.app.cli.house import build_house
from tests.app.cli.terminals import OnTerminal

FULL_DISK = f"import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000)); {AND_THEN}"
# Root may read and write everywhere by the rights 1 and 2; a program that root starts without them is like others.
NO_RIGHTS = f"import ctypes, os, sys; [ctypes.CDLL(None).prctl(24, n, 0, 0, 0) for n in (1, 2)]; {AND_THEN}"
NO_STDERR = f"import os, sys; os.close(2); {AND_THEN}"


FREE = "duration_in_month,credit_amount"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    work = tmp_path / "work"
    work.mkdir()
    return build_house(work)


def landscape(*options: object) -> list[object]:
    return [*CORRIE, "landscape", "reader.toml", "digits.npz", "--grid", 2, "--samples", 8, *options]


def under(launcher: str, command: list[object]) -> list[object]:
    return [sys.executable, "-c", launcher, *command]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_installed_command_does_the_whole_thread_into_one_session(folder: Path) -> None:
    command = Path(sys.executable).parent / "corrie"
    if not command.exists():
        pytest.skip("the command corrie is not installed beside this Python")
    for verb in (
        ("landscape", EXAMPLES / "digits_resnet.toml", "digits", "--grid", 3, "--samples", 32),
        ("spectrum", "reader.toml", "digits", "--top", 1, "--samples", 32),
        ("corrections", EXAMPLES / "german_credit.toml", "german-credit", "--row", 18, "--free", FREE),
    ):
        done = run_command([command, *verb, "-o", "s.corrie.h5"], folder)
        assert (done.returncode, done.stderr) == (0, ""), done
        assert "session" in done.stdout
    items = open_document(folder / "s.corrie.h5").results
    assert len(items) == 3
    done = run_command([command, "export", "s.corrie.h5", items[2].id, "--to", "c.svg"], folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "c.svg\n", "")
    assert "<svg" in (folder / "c.svg").read_text(encoding="utf-8")
    listed = run_command([command, "info", "s.corrie.h5"], folder)
    assert listed.returncode == 0
    assert all(item.id in listed.stdout for item in items)


def test_a_full_disk_is_one_sentence_and_nothing_is_left(folder: Path) -> None:
    before = names(folder)
    done = run_command(under(FULL_DISK, landscape("-o", "s.corrie.h5")), folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("corrie: s.corrie.h5: the disk is full, so nothing was saved")
    assert len(done.stderr.splitlines()) == 1
    assert names(folder) == before


def test_a_full_disk_does_not_harm_the_session_that_is_there(folder: Path) -> None:
    assert run_command(landscape("-o", "s.corrie.h5"), folder).returncode == 0
    before = {path: path.read_bytes() for path in folder.iterdir()}
    done = run_command(under(FULL_DISK, landscape("-o", "s.corrie.h5")), folder)
    assert done.returncode == 1
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_folder_that_may_not_be_written_is_refused_before_computing(folder: Path) -> None:
    locked = folder / "locked"
    locked.mkdir()
    locked.chmod(0o555)
    try:
        trial = run_command(under(NO_RIGHTS, [sys.executable, "-c", "open('locked/x', 'w')"]), folder)
        if trial.returncode == 0:
            pytest.skip("this user may write everywhere")
        for command in (landscape("-o", "locked/s.corrie.h5"), [*CORRIE, "example", "-o", "locked/s.corrie.h5"]):
            done = run_command(under(NO_RIGHTS, command), folder)
            assert (done.returncode, done.stdout) == (1, "")
            assert done.stderr == (
                "corrie: locked/s.corrie.h5: the folder may not be written (Permission denied), so nothing was "
                "computed. Choose another place with -o.\n"
            )
    finally:
        locked.chmod(0o755)
    assert names(locked) == set()


def test_a_file_that_may_not_be_read_is_one_sentence(folder: Path) -> None:
    for name in ("reader.toml", "digits.npz"):
        (folder / name).chmod(0)
        try:
            trial = run_command(under(NO_RIGHTS, [sys.executable, "-c", f"open('{name}')"]), folder)
            if trial.returncode == 0:
                pytest.skip("this user may read everything")
            done = run_command(under(NO_RIGHTS, landscape()), folder)
        finally:
            (folder / name).chmod(0o644)
        assert (done.returncode, done.stdout) == (1, "")
        assert len(done.stderr.splitlines()) == 1
        assert name in done.stderr
        assert "You may not read it" in done.stderr or "Permission denied" in done.stderr


def test_a_reader_that_goes_away_is_no_error_on_the_terminal(folder: Path) -> None:
    assert run_command(landscape("-o", "s.corrie.h5"), folder).returncode == 0
    read, write = os.pipe()
    os.close(read)
    done = run_command([*CORRIE, "info", "s.corrie.h5"], folder, output=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")


def test_output_that_cannot_be_written_is_one_sentence(folder: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    with Path("/dev/full").open("w") as full:
        done = run_command([*CORRIE, "diagnose"], folder, output=full)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "No space left on device" in done.stderr


def test_closed_error_output_and_letters_that_a_terminal_lacks_do_no_harm(folder: Path) -> None:
    done = run_command(under(NO_STDERR, landscape("-o", "s.corrie.h5")), folder, {"PYTHONIOENCODING": "ascii:strict"})
    assert done.returncode == 0
    assert "4 of 4 evaluated (2 ? 2)" in done.stdout


def test_the_example_starts_among_the_documents_and_can_be_stopped(folder: Path) -> None:
    with OnTerminal([*CORRIE, "example"], folder) as terminal:
        terminal.wait_for(r" (\d\d)/625 ")
        terminal.process.send_signal(signal.SIGINT)
        status, out = terminal.end()
    assert status == 130
    place = folder.parent / "home" / "documents" / "Corrie" / "example"
    assert f"session  {place / 'example.corrie.h5'}" in out
    assert open_document(place / "example.corrie.h5").results[0].result.status == "partial"
    assert names(place / "figures") == {"surface-of-digit-reader-with-shortcuts.png", "report.html"}
