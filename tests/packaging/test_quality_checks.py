import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from quality_checks import (
    FIRST_HALF,
    Part,
    pytest_halves,
    run_parts,
    run_side_by_side,
    summed_up,
)
from virtual_environment import Environment


def part(name: str, code: str, *, talks: bool = False) -> Part:
    return Part(name, (sys.executable, "-c", code), talks=talks)


def test_a_failing_part_does_not_hide_the_others(capfd) -> None:
    status = run_parts(
        [
            part("first", "raise SystemExit('reason of the first')"),
            part("second", "print('all well')"),
            part("third", "print('shown as it runs'); raise SystemExit(3)", talks=True),
        ]
    )
    shown = capfd.readouterr().out
    assert status == 1
    assert "reason of the first" in shown
    assert "all well" not in shown
    assert "shown as it runs" in shown
    first, second, third = shown.splitlines()[-3:]
    assert first.startswith("first")
    assert "FAILED (exit 1)" in first
    assert "passed" in second
    assert "FAILED (exit 3)" in third


def test_only_when_every_part_passes_is_the_status_zero(capfd) -> None:
    assert run_parts([part("first", ""), part("second", "", talks=True)]) == 0
    assert run_parts([part("first", ""), part("second", "raise SystemExit(1)", talks=True)]) == 1
    assert "FAILED" in capfd.readouterr().out


def test_a_part_that_limits_the_size_of_files_can_still_write_to_a_long_log(tmp_path) -> None:
    resource = pytest.importorskip("resource", reason="this system has no such limit")
    assert resource  # the part itself uses it, in its own process
    packaging = Path(__file__).parents[2] / "packaging"
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)); print('reached the end')"
    program = (
        f"import sys; sys.path.insert(0, {str(packaging)!r})\n"
        "from quality_checks import Part, run_parts\n"
        "print('x' * 5000, flush=True)\n"
        f"run_parts([Part('limited', (sys.executable, '-c', {limited!r}), talks=True)])\n"
    )
    log = tmp_path / "log"
    with log.open("w") as stream:
        subprocess.run([sys.executable, "-c", program], stdout=stream, check=True)
    assert "reached the end\n" in log.read_text()
    assert "FAILED" not in log.read_text()


def test_parts_side_by_side_run_at_the_same_time_and_are_shown_one_after_the_other(capfd, tmp_path) -> None:
    mark = tmp_path / "mark"
    waits = (
        f"import pathlib, time\nprint('first begins', flush=True)\nwhile not pathlib.Path({str(mark)!r}).exists():\n"
    )
    first = part("first", f"{waits}    time.sleep(0.01)\nprint('first ends')", talks=True)
    second = part("second", f"print('second'); open({str(mark)!r}, 'w').close(); raise SystemExit(3)", talks=True)
    outcomes = run_side_by_side([(first, os.environ), (second, os.environ | {"OTHER": "1"})])
    assert [outcome.status for outcome in outcomes] == [0, 3]
    shown = capfd.readouterr().out
    assert [line for line in shown.splitlines() if "…" not in line] == ["first begins", "first ends", "second"]
    assert summed_up(outcomes) == 1


def test_what_ends_a_run_early_ends_its_parts_as_well(tmp_path) -> None:
    mark = tmp_path / "pid"
    forever = f"import os, time\nopen({str(mark)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)"
    packaging = Path(__file__).parents[2] / "packaging"
    program = (
        f"import os, sys; sys.path.insert(0, {str(packaging)!r})\n"
        "from quality_checks import Part, run_side_by_side\n"
        "from virtual_screen import _leave\nimport signal\nsignal.signal(signal.SIGTERM, _leave)\n"
        f"run_side_by_side([(Part('endless', (sys.executable, '-c', {forever!r}), talks=True), os.environ)])\n"
    )
    run = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (mark.exists() and mark.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    run.terminate()
    assert run.wait(60) != 0
    child = Path("/proc") / mark.read_text()
    while child.exists() and "Z" not in (child / "stat").read_text().split()[2]:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_both_halves_are_all_tests(pytestconfig) -> None:
    first, others = pytest_halves(set_up_already())
    assert first.command[-len(FIRST_HALF) :] == FIRST_HALF
    assert others.command[-len(FIRST_HALF) :] == tuple(f"--ignore={folder}" for folder in FIRST_HALF)
    assert all((Path(pytestconfig.rootpath) / folder).is_dir() for folder in FIRST_HALF)


def set_up_already() -> Environment:
    return Environment(Path(sys.prefix))
