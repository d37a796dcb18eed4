"""What the File menu offers about a second session."""

from typing import TYPE_CHECKING

from app.actions.spec import ActionSpec
from app.views.two_sessions.room import SessionsRoom

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

MENU = "&File"


def two_sessions_actions(window: "MainWindow") -> list[ActionSpec]:
    """Compare the open session with another one."""
    room = SessionsRoom(window)
    return [
        ActionSpec(
            id="file.compare",
            text="Compare &with session…",
            callback=room.choose,
            menu=MENU,
            group="open",
            icon="compare",
            tooltip="What differs between the open session and another one: numbers, requests, networks, and how they "
            "were made. Neither is changed",
        )
    ]
