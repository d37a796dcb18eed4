"""What the menus offer about drawings."""

from typing import TYPE_CHECKING

from app.actions.spec import ActionSpec

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


def tutor_actions(window: "MainWindow") -> list[ActionSpec]:
    """The drawing tutor."""
    return [
        ActionSpec(
            id="tutor.page",
            text="&Drawing tutor",
            callback=window.tutor_room.show_page,
            menu="&View",
            group="pages",
            icon="tutor",
            tooltip="Draw, and see what is missing and where its lines may end",
        ),
    ]
