"""The Review menu: writing notes, walking through them, settling them."""

from typing import TYPE_CHECKING

from app.actions.spec import ActionSpec

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

MENU = "Revie&w"


def review_actions(window: "MainWindow") -> list[ActionSpec]:
    """Notes, in the order in which one works with them."""
    return [*_writing(window), *_walking(window), *_settling(window)]


def _writing(window: "MainWindow") -> list[ActionSpec]:
    room, state = window.review_room, window.desk.state

    def may_write() -> bool:
        return not state.read_only

    def has_item() -> bool:
        return may_write() and window.desk.selection.current_id in state.document.items

    return [
        ActionSpec(
            id="review.add",
            text="&Add note…",
            callback=room.add,
            shortcut="Ctrl+Shift+N",
            menu=MENU,
            group="write",
            icon="note",
            enabled_when=may_write,
            tooltip="Pin a note to what is pointed at or chosen on the page, or to the selected item",
        ),
        ActionSpec(
            id="review.place",
            text="Add note by &clicking a place",
            callback=room.set_placing,
            shortcut="Ctrl+Shift+M",
            menu=MENU,
            group="write",
            icon="pin",
            checkable=True,
            checked_when=lambda: room.placing,
            enabled_when=may_write,
            tooltip="The next click in a picture says what a note is about; Esc ends this",
        ),
        ActionSpec(
            id="review.add_on_item",
            text="Add note on this &item…",
            callback=room.add_on_item,
            menu=MENU,
            group="write",
            enabled_when=has_item,
            tooltip="A note about the selected item as a whole",
        ),
    ]


def _walking(window: "MainWindow") -> list[ActionSpec]:
    room, state = window.review_room, window.desk.state

    def has_notes() -> bool:
        return bool(state.document.notes)

    return [
        ActionSpec(
            id="review.next",
            text="&Next note",
            callback=lambda: room.walk(1),
            shortcut="F8",
            menu=MENU,
            group="walk",
            enabled_when=has_notes,
            tooltip="Turn to the place of the next note of the list",
        ),
        ActionSpec(
            id="review.previous",
            text="&Previous note",
            callback=lambda: room.walk(-1),
            shortcut="Shift+F8",
            menu=MENU,
            group="walk",
            enabled_when=has_notes,
            tooltip="Turn to the place of the note before",
        ),
        ActionSpec(
            id="review.panel",
            text="&Show the list of notes",
            callback=room.show_panel,
            shortcut="Ctrl+Shift+F8",
            menu=MENU,
            group="walk",
            tooltip="Bring the review to the front: its list shows open notes, resolved ones or all",
        ),
    ]


def _settling(window: "MainWindow") -> list[ActionSpec]:
    room, state = window.review_room, window.desk.state

    def reads_one() -> bool:
        return room.row is not None and not state.read_only

    return [
        ActionSpec(
            id="review.resolve",
            text="&Resolve or reopen note",
            callback=room.toggle_resolved,
            shortcut="Ctrl+F8",
            menu=MENU,
            group="settle",
            enabled_when=reads_one,
            tooltip="Say that the note that is read is settled, or open again",
        ),
        ActionSpec(
            id="review.delete",
            text="&Delete note",
            callback=lambda: room.remove(room.current),
            menu=MENU,
            group="settle",
            enabled_when=reads_one,
        ),
    ]
