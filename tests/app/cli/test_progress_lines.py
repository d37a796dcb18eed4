"""Lines of progress in a log tell the time that is left once."""

import pytest

from app.cli.progress import ProgressLines


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("9 × 9 points, about 25 s left", "Surface: 50 % (9 × 9 points), about 25 s left\n"),
        ("9 × 9 points", "Surface: 50 % (9 × 9 points), about 0 s left\n"),
    ],
)
def test_what_the_engine_says_about_its_end_is_not_contradicted(
    text: str, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("app.cli.progress.time.monotonic", lambda: 0.0)
    lines = ProgressLines("Surface")
    monkeypatch.setattr("app.cli.progress.LINE_INTERVAL", 0.0)
    lines._next = 0.0
    lines.update(1, 2, text)
    assert capsys.readouterr().err == line
