import subprocess
import sys
from pathlib import Path

import pytest
from quality_checks import Part, run_parts


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
