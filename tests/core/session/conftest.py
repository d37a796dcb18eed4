"""What tests of session files share."""

import pytest

from core.session.stranger import rehearsal


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The exit statuses of all children that were started."""
    statuses: list[int] = []
    real = rehearsal.run_child

    def counted(*arguments: object) -> object:
        ended = real(*arguments)  # type: ignore[arg-type]
        statuses.append(ended.status)
        return ended

    monkeypatch.setattr(rehearsal, "run_child", counted)
    return statuses
