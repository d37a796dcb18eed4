"""The three steps beside the paper: what is canonical, its recogniser, and the correction of a drawing."""

from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.views.inspector.fields import whole_number
from app.views.made import chooser, named, text_label, with_icon
from app.views.progress_bar import CalmProgressBar

NARROWEST = 250  # pixels
SECONDS = 15


class StepsPanel(QWidget):
    """Only fields and buttons; the page says what they do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tutor.steps")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 10, 12, 10)
        self._column.setSpacing(7)
        self._make_canonical()
        self._make_recogniser()
        self._make_correction()
        self._column.addStretch(1)
        self.setMinimumWidth(NARROWEST)

    def _make_canonical(self) -> None:
        self._heading("1", "The drawing to recognise")
        self.data = chooser("tutor.data")
        self.data.setToolTip("A data set of drawings in this session, such as Quick, Draw! files")
        self.row = whole_number("tutor.row", 0, 0, 0, "Which drawing of the data set")
        row = QHBoxLayout()
        row.addWidget(self.data, 1)
        row.addWidget(self.row)
        self._column.addLayout(row)
        self.load = self._button("tutor.load", "Put on the paper", "open", "Put that drawing of the data on the paper")
        self.canonical_state = self._words("tutor.canonical_state")
        self.use = self._button(
            "tutor.use",
            "Make this the canonical drawing",
            "note",
            "Whatever is on the paper is what will be recognised",
        )
        self.show_canonical = named(QPushButton("Put it on the paper"), "tutor.show_canonical")
        self.show_canonical.setToolTip("Draw the canonical drawing on the paper, to take strokes away from it")
        self._column.addWidget(self.show_canonical)
        self.template = named(QCheckBox("Show it faintly on the paper"), "tutor.template")
        self.template.setToolTip("To draw along")
        self.template.setChecked(True)
        self._column.addWidget(self.template)

    def _make_recogniser(self) -> None:
        self._heading("2", "Its recogniser")
        self.train = self._button(
            "tutor.train",
            "Train a recogniser on this drawing",
            "training",
            "A small network learns its jitters (± 5 pixels) against other drawings: about a minute on one core",
        )
        self.progress = self._bar("tutor.progress")
        self.network = chooser("tutor.network")
        self.network.setToolTip("Networks of this session that judge drawings")
        self._column.addWidget(self.network)
        self.recogniser_state = self._words("tutor.recogniser_state")

    def _make_correction(self) -> None:
        self._heading("3", "Put a drawing right")
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        self.stability = whole_number("tutor.stability", 0, 64, 2, "Pixels by which every line end may be off")
        self.stability.setPrefix("± ")
        self.stability.setSuffix(" px")
        self.seconds = whole_number("tutor.seconds", 1, 600, SECONDS, "Time for growing the boxes")
        self.seconds.setSuffix(" s")
        form.addRow("Must &hold for", self.stability)
        form.addRow("Boxes grow &for", self.seconds)
        self._column.addLayout(form)
        self.correct = self._button(
            "tutor.correct",
            "&Correct this drawing",
            "correction",
            "Suggest what is missing, in green, and prove where its line ends may lie",
        )
        self.correct.setDefault(True)
        self.lesson_progress = self._bar("tutor.lesson_progress")
        self.take = self._button(
            "tutor.take", "Take the suggestion over", "link", "Draw the green strokes as they are now"
        )
        self.export = self._button(
            "tutor.export", "&Save the figure…", "export", "The drawing with suggestion and boxes, for a report"
        )
        self.lesson_state = self._words("tutor.lesson_state")

    def _heading(self, number: str, text: str) -> None:
        label = QLabel(f"<b>{number}&nbsp;&nbsp;{text}</b>")
        if number != "1":
            self._column.addSpacing(10)
        self._column.addWidget(label)

    def _button(self, name: str, text: str, icon_name: str, hint: str) -> QPushButton:
        button = named(with_icon(QPushButton(text), icon_name), name)
        button.setToolTip(hint)
        self._column.addWidget(button)
        return button

    def _words(self, name: str) -> QLabel:
        label = text_label(name=name)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._column.addWidget(label)
        return label

    def _bar(self, name: str) -> CalmProgressBar:
        """Hidden at first, but in its place, so that nothing below it jumps."""
        bar = named(CalmProgressBar(), name)
        bar.setTextVisible(False)
        bar.setFixedHeight(8)
        self._column.addWidget(bar)
        policy = bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        bar.setSizePolicy(policy)
        bar.hide()
        return bar
