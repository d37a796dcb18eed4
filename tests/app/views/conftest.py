"""The real main window, with answers instead of modal dialogs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.actions.leaving import Leaving
from app.state.settings import Settings
from app.theme.theme import Theme
from app.views.desk import Desk
from app.views.dialogs import Answer, Dialogs
from app.views.main_window import MainWindow
from core.data.builtin import examples_folder
from core.session.document import ResultItem

SLOW = 150_000  # milliseconds that a computation of a test may take on a busy machine


class Answers(Dialogs):
    """Answers what a user would be asked, and remembers the questions."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[Path] = []
        self.folder: Path | None = None
        self.target: Path | None = None
        self.to_save: Answer = "discard"
        self.stop = True
        self.overwrite = self.throw_away = True
        self.asked: list[str] = []
        self.leaving = Leaving()

    def open_files(self, title: str, name_filter: str) -> list[Path]:
        self.asked.append(title)
        return self.files

    def open_folder(self, title: str) -> Path | None:
        self.asked.append(title)
        return self.folder

    def save_file(self, title: str, suggestion: str, name_filter: str) -> Path | None:
        self.asked.append(title)
        return self.target

    def confirm_overwriting(self, path: Path) -> bool:
        self.asked.append(f"overwrite {path.name}")
        return self.overwrite

    def confirm_throwing_away(self, name: str) -> bool:
        self.asked.append(f"throw away {name}")
        return self.throw_away

    def confirm_stopping(self, leaving: Leaving) -> bool:
        self.asked.append("stop")
        self.leaving = leaving
        return self.stop

    def ask_to_save(self, title: str) -> Answer:
        self.asked.append("save")
        return self.to_save


class Driver:
    """Does with the window what a person does, and waits as one would."""

    def __init__(self, window: MainWindow, answers: Answers, qtbot: QtBot) -> None:
        self.window, self.answers, self.qtbot = window, answers, qtbot

    @property
    def document(self):
        return self.window.desk.state.document

    def wait(self, condition: Callable[[], bool], timeout: int = SLOW) -> None:
        self.qtbot.waitUntil(condition, timeout=timeout)

    def wait_for_jobs(self) -> None:
        self.wait(lambda: not self.window.jobs.jobs)

    def trigger(self, action: str) -> None:
        self.window.actions_registry.action(action).trigger()

    def open(self, *paths: Path) -> None:
        before = len(self.document.items)
        self.window.open_paths(paths)
        self.wait(lambda: len(self.document.items) >= before + len(paths) or bool(self.window.banner.text))

    def open_applicants(self) -> None:
        """The built-in table of applicants and the network that judges them, which is selected."""
        self.window.desk.door.open_builtin_data("german-credit")
        self.open(examples_folder() / "german_credit.toml")
        self.wait(lambda: len(self.document.networks) == 1 and len(self.document.datasets) == 1)
        self.select(self.document.networks[0].id)

    def wait_for_verdicts(self) -> None:
        """Until the selected network has judged every row."""
        self.wait(self.find(QPushButton, "correction.next").isEnabled)

    def find(self, kind: type[QWidget], name: str) -> QWidget:
        found = self.window.findChild(kind, name)
        assert found is not None, f"There is no {kind.__name__} {name}"
        return found

    def click(self, name: str) -> None:
        button = self.find(QPushButton, name)
        assert button.isEnabled(), f"{name} is disabled"
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def select(self, item_id: str) -> None:
        self.window.desk.selection.select(item_id)

    def results(self) -> tuple[ResultItem, ...]:
        return self.document.results

    def save(self, path: Path) -> None:
        self.answers.target = path
        with self.qtbot.waitSignal(self.window.desk.file.saved, timeout=SLOW):
            self.trigger("file.save_as")


def make_driver(qtbot: QtBot, theme: Theme) -> Driver:
    answers = Answers()
    window = MainWindow(Desk(Settings()), theme, answers)

    def end(_window: QWidget) -> None:
        window.desk.jobs.shutdown(SLOW)
        window.desk.leave()

    qtbot.addWidget(window, before_close_func=end)
    window.resize(1300, 820)
    with qtbot.waitExposed(window):
        window.show()
    return Driver(window, answers, qtbot)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme(qapp, "light")
    yield theme
    theme.deleteLater()


@pytest.fixture
def driver(qtbot: QtBot, theme: Theme) -> Driver:
    return make_driver(qtbot, theme)
