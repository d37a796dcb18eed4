"""What an empty window says: what Corrie is for, and where to begin."""

from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.actions.wording import literal, short, tip
from app.state.recents import RecentFiles
from app.views.made import named, with_icon
from core.data.loading import KINDS

WIDTH = 460
NARROW = 280  # pixels that the column needs
SHOWN = 5
STARTS = (  # action, words, icon, hint
    (
        "open.example",
        "Open the built-in example",
        "surface",
        "Two digit readers and a judge of credit applications, with their landscapes, spectrum and correction",
    ),
    ("training.page", "Train a network", "training", "The training lab: on the built-in digits, or on data of yours"),
    ("open.network", "Open a network…", "network", "A network card, weights, .pt2, ONNX, TorchScript or a Python file"),
    ("open.data", "Open data…", "data", f"Open data: {KINDS}"),
    ("open.session", "Open a session…", "open", "A .corrie.h5 file, with all its results"),
)


class Welcome(QScrollArea):
    """A column of places to begin, and the files opened lately."""

    chosen = Signal(str)  # an action: first entry of `STARTS`
    file_chosen = Signal(object)  # Path

    def __init__(self, recents: RecentFiles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._recents = recents
        column = QWidget()
        column.setMinimumWidth(NARROW)
        column.setMaximumWidth(WIDTH)
        self._column = QVBoxLayout(column)
        self._column.setContentsMargins(0, 24, 0, 24)
        self._column.setSpacing(8)
        self._add_words()
        self._recent_title = QLabel("Opened lately")
        self._recent_box = QVBoxLayout()
        self._recent_box.setSpacing(2)
        self._column.addSpacing(12)
        self._column.addWidget(self._recent_title)
        self._column.addLayout(self._recent_box)
        hint = QLabel("Files can also be dropped anywhere on this window.")
        hint.setEnabled(False)
        self._column.addWidget(hint)
        self._column.addStretch(1)
        middle = QWidget()
        outer = QVBoxLayout(middle)
        outer.addStretch(1)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(column, 1000)  # as wide as it may be
        line.addStretch(1)
        outer.addLayout(line)
        outer.addStretch(2)
        self.setWidget(middle)
        recents.changed.connect(self._fill_recents)
        self._fill_recents()

    def _add_words(self) -> None:
        title = QLabel("Corrie")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 2)
        font.setBold(True)
        title.setFont(font)
        words = QLabel(
            "Why a trained neural network behaves as it does, and what would change its verdict: "
            "its loss landscape, the spectrum of its Hessian, and proved corrections of its inputs.",
            wordWrap=True,
        )
        words.setMinimumHeight(words.heightForWidth(WIDTH))  # its layout asks for less, and cuts the last line
        self._column.addWidget(title)
        self._column.addWidget(words)
        self._column.addSpacing(12)
        for name, text, icon_name, hint in STARTS:
            button = named(with_icon(QPushButton(f"  {text}"), icon_name), f"welcome.{name.removeprefix('open.')}")
            button.setIconSize(QSize(20, 20))
            button.setMinimumHeight(40)
            button.setToolTip(hint)
            button.setAccessibleDescription(hint)
            button.setStyleSheet("text-align: left; padding: 6px 12px;")
            button.setDefault(name == "open.example")
            button.clicked.connect(lambda _checked, name=name: self.chosen.emit(name))
            self._column.addWidget(button)

    def _fill_recents(self) -> None:
        while (entry := self._recent_box.takeAt(0)) is not None:
            if (old := entry.widget()) is not None:
                old.deleteLater()
        paths = self._recents.existing()[:SHOWN]
        self._recent_title.setVisible(bool(paths))
        for path in paths:
            self._recent_box.addWidget(self._recent_button(path))

    def _recent_button(self, path: Path) -> QPushButton:
        button = QPushButton(literal(short(path.name)), flat=True)
        button.setStyleSheet("text-align: left; padding: 3px 6px;")
        button.setToolTip(tip(str(path)))
        button.clicked.connect(lambda _checked: self.file_chosen.emit(path))
        return button
