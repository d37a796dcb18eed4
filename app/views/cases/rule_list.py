"""The rules of a table of cases in words, each above a bar of the rows that it corrects."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.render.plot.figure_view import selectable
from app.render.plot.style import BLUISH_GREEN, SHAPE_CONTRAST, legible, plot_colours
from app.views.made import text_label
from core.corrections.records.cases import HOLDS, Cases
from core.exchange.case_words import rule_text, rule_worth
from core.exchange.subject import Subject

THICK = 8  # pixels of a bar
NARROWEST, WIDEST = 60, 150


class ShareBar(QWidget):
    """A share of a whole, as a bar. The words beside it say the same."""

    def __init__(self, share: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.share = share
        self.setFixedHeight(THICK)
        self.setMinimumWidth(NARROWEST)
        self.setMaximumWidth(WIDEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(WIDEST, THICK)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        frame = plot_colours(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), frame.neutral)
        filled = self.rect()
        filled.setWidth(round(self.share * filled.width()))
        painter.fillRect(filled, legible(BLUISH_GREEN, frame.background, SHAPE_CONTRAST))
        painter.end()


class RuleList(QScrollArea):
    """Words break into lines and can be marked: a rule is read, and passed on."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("Rules that correct many rows")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._shown: tuple[tuple[str, str, float], ...] | None = None
        self._words = ""
        self.set_rules((), "")

    @property
    def rules(self) -> tuple[tuple[str, str, float], ...]:
        """Words, worth and share of each rule, as they are seen."""
        return self._shown or ()

    def set_cases(self, cases: Cases, subject: Subject, words: str) -> None:
        """Show the rules of a table below these words."""
        covers = cases.rule_covers == HOLDS
        self.set_rules(
            tuple(
                (rule_text(cases, rule, subject), rule_worth(cases, rule), float(covers[rule].mean()))
                for rule in range(len(cases.rule_box))
            ),
            words,
        )

    def set_rules(self, rules: tuple[tuple[str, str, float], ...], words: str) -> None:
        """Show these: words, worth and share of each."""
        if rules == self._shown and words == self._words:
            return
        self._shown, self._words = rules, words
        inside = QWidget()
        inside.setAutoFillBackground(True)
        inside.setBackgroundRole(QPalette.ColorRole.Base)
        column = QVBoxLayout(inside)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(3)
        column.addWidget(text_label(words))
        for place, (text, worth, share) in enumerate(rules, start=1):
            column.addSpacing(6)
            column.addWidget(selectable(text_label(f"{place}.  {text}")))
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(ShareBar(share), 1, Qt.AlignmentFlag.AlignVCenter)
            line.addWidget(_quiet(worth), 3)
            column.addLayout(line)
        column.addStretch(1)
        self.setWidget(inside)


def _quiet(text: str) -> QLabel:
    label = selectable(text_label(text))
    font = label.font()
    font.setPointSizeF(0.92 * font.pointSizeF())
    label.setFont(font)
    return label
