import sys

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
