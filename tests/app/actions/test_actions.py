"""The registry: every action once, no two on one key, enabled exactly when its predicate says so."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QKeySequence, QPixmap
from PySide6.QtWidgets import QMainWindow, QMenu, QMenuBar, QToolBar
from pytestqt.qtbot import QtBot

from app.actions.menus import fill_menu_bar, fill_tool_bar
from app.actions.registry import ActionRegistry
from app.actions.spec import ActionSpec, without_mnemonic


def spec(
    action_id: str,
    shortcut: str | QKeySequence.StandardKey | None = None,
    callback: Callable[..., object] = lambda: None,
    menu: str = "",
    group: str = "",
) -> ActionSpec:
    return ActionSpec(
        id=action_id, text=f"&{action_id.title()}…", callback=callback, shortcut=shortcut, menu=menu, group=group
    )


def titles(menu: QMenu | QMenuBar) -> list[str]:
    return ["—" if action.isSeparator() else action.text() for action in menu.actions()]


def test_an_action_carries_its_id_text_and_shortcut(qtbot: QtBot) -> None:
    registry = ActionRegistry([spec("open", "Ctrl+O")])
    action = registry.action("open")
    assert (action.objectName(), action.text()) == ("open", "&Open…")
    assert action.shortcut() == QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_O)
    assert action.toolTip().startswith("Open (")


def test_triggering_calls_back_without_arguments(qtbot: QtBot) -> None:
    calls: list[tuple[object, ...]] = []
    registry = ActionRegistry([spec("open", callback=lambda *arguments: calls.append(arguments))])
    registry.action("open").trigger()
    assert calls == [()]


def test_a_checkable_action_says_whether_it_is_checked(qtbot: QtBot) -> None:
    calls: list[bool] = []
    link = ActionSpec(id="link", text="Link", callback=calls.append, checkable=True)
    registry = ActionRegistry([link])
    action = registry.action("link")
    action.trigger()
    action.trigger()
    assert calls == [True, False]


def test_typing_the_shortcut_runs_the_action(qtbot: QtBot) -> None:
    calls: list[str] = []
    registry = ActionRegistry([spec("compute", "Ctrl+Return", lambda: calls.append("compute"))])
    window = QMainWindow()
    qtbot.addWidget(window)
    window.addActions(list(registry.actions()))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert calls == ["compute"]


def test_refreshing_asks_every_predicate_again_and_runs_no_callback(qtbot: QtBot) -> None:
    state = {"enabled": False, "checked": True}
    calls: list[bool] = []
    link = ActionSpec(
        id="link",
        text="Link",
        callback=calls.append,
        checkable=True,
        enabled_when=lambda: state["enabled"],
        checked_when=lambda: state["checked"],
    )
    registry = ActionRegistry([link])
    action = registry.action("link")
    assert (action.isEnabled(), action.isChecked()) == (False, True)
    state.update(enabled=True, checked=False)
    assert (action.isEnabled(), action.isChecked()) == (False, True)  # only on demand
    registry.refresh()
    assert (action.isEnabled(), action.isChecked()) == (True, False)
    assert calls == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ctrl+S", "Ctrl+S"),
        ("Ctrl+Shift+S", "Shift+Ctrl+S"),
        ("Ctrl+K", "Ctrl+K, Ctrl+S"),
        ("Ctrl+K, Ctrl+S", "Ctrl+K"),
        ("Ctrl+S", QKeySequence.StandardKey.Save),
        ("Del", "Delete"),
    ],
)
def test_two_actions_on_one_key_are_refused_by_name(
    qtbot: QtBot, one: str, other: str | QKeySequence.StandardKey
) -> None:
    with pytest.raises(ValueError, match=r"first and second share the shortcut"):
        ActionRegistry([spec("first", one), spec("second", other)])


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ctrl+S", "Ctrl+Shift+S"), ("S", "Ctrl+S"), ("Ctrl+K, Ctrl+S", "Ctrl+K, Ctrl+O")],
)
def test_different_keys_are_accepted(qtbot: QtBot, one: str, other: str) -> None:
    assert len(ActionRegistry([spec("first", one), spec("second", other)]).actions()) == 2


@pytest.mark.parametrize("shortcut", ["Ctrl+Foo", "Ctrl+", "Ctrl+Foo, A", "A, Foo"])
def test_a_shortcut_that_nobody_can_type_is_refused(qtbot: QtBot, shortcut: str) -> None:
    with pytest.raises(ValueError, match="no key sequence"):
        ActionRegistry([spec("first", shortcut)])


@pytest.mark.parametrize("shortcut", ["F5", "Ctrl++", "Ctrl+,", "Space", ","])
def test_unusual_keys_can_be_typed(qtbot: QtBot, shortcut: str) -> None:
    registry = ActionRegistry([spec("first", shortcut)])
    assert registry.action("first").shortcut().toString(QKeySequence.SequenceFormat.PortableText) == shortcut


def test_two_actions_of_one_id_are_refused(qtbot: QtBot) -> None:
    with pytest.raises(ValueError, match="Two actions are called open"):
        ActionRegistry([spec("open"), spec("open")])


def test_menus_follow_the_order_of_the_specs_with_lines_between_groups(qtbot: QtBot) -> None:
    registry = ActionRegistry(
        [
            spec("open", menu="&File", group="open"),
            spec("image", menu="&File/&Export"),
            spec("undo", menu="&Edit"),
            spec("save", menu="&File", group="save"),
            spec("hidden"),
        ]
    )
    bar = QMenuBar()
    qtbot.addWidget(bar)
    menus = fill_menu_bar(bar, registry)
    assert titles(bar) == ["&File", "&Edit"]
    assert titles(menus["File"]) == ["&Open…", "&Export", "—", "&Save…"]
    assert titles(menus["File/Export"]) == ["&Image…"]
    assert titles(menus["Edit"]) == ["&Undo…"]
    assert menus["File"].actions()[0] is registry.action("open")


def test_a_tool_bar_holds_the_very_same_actions(qtbot: QtBot) -> None:
    registry = ActionRegistry([spec("open"), spec("save")])
    bar = QToolBar()
    qtbot.addWidget(bar)
    fill_tool_bar(bar, registry, ["open", "", "save"])
    assert [action.objectName() for action in bar.actions() if not action.isSeparator()] == ["open", "save"]
    assert bar.actions()[0] is registry.action("open")
    assert bar.actions()[1].isSeparator()


def test_icons_are_asked_for_by_name_and_again_on_reload(qtbot: QtBot) -> None:
    asked: list[str] = []

    def icons(name: str) -> QIcon:
        asked.append(name)
        return QIcon(QPixmap(8, 8))

    registry = ActionRegistry([ActionSpec(id="a", text="A", callback=lambda: None, icon="save"), spec("b")], icons)
    assert not registry.action("a").icon().isNull()
    assert registry.action("b").icon().isNull()
    registry.reload_icons()
    assert asked == ["save", "save"]


def test_a_new_text_changes_the_tooltip_too(qtbot: QtBot) -> None:
    registry = ActionRegistry([spec("undo", "Ctrl+Z")])
    registry.set_text("undo", "&Undo move box")
    assert registry.action("undo").text() == "&Undo move box"
    assert registry.action("undo").toolTip().startswith("Undo move box (")


@pytest.mark.parametrize(
    ("text", "shown"), [("&Open…", "Open…"), ("Save && close", "Save & close"), ("&A && &B", "A & B"), ("", "")]
)
def test_mnemonics_are_taken_out_of_a_text(text: str, shown: str) -> None:
    assert without_mnemonic(text) == shown
