"""In the form of corrections: which features are worth a try, and the ranking of all their pairs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.views.made import named, text_label, with_icon
from core.corrections.records.correction import Norm
from core.corrections.records.freedom import Freedom
from core.corrections.records.goal import Goal
from core.corrections.records.pairs import PairsRequest
from core.corrections.records.suggestion import Suggestion, SuggestionRequest
from core.errors import CorrieError, InvalidRequest
from core.exchange.pair_words import suggestion_words

MOST_NAMED = 4  # suggestions that are told
RANKED_BY = "The cheapest first; a change over the whole range costs 1 unless priced otherwise. Sampled, not proved."
SUGGEST_TIP = (
    "Ticks the features that promise most for this row: each alone is sampled over its range, and ranked by what "
    "reaching the goal costs, or by its gain per unit of cost"
)
PAIRS_TIP = (
    "The nearest stable correction of every two features, of those that are ticked if there are at least two, else of "
    "all that may change"
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the form around the offer describes."""

    input: tuple[float, ...]
    row: int
    goal: Goal
    norm: Norm


class PairsOffer(QWidget):
    """Two buttons, and the words about what was suggested.

    Parameters
    ----------
    asked : callable
        What the fields say of the input and the goal. Raises `CorrieError` if they contradict each other.
    freedom : callable
        What may change, of ticked features only or of all. Raises `CorrieError` as well.
    """

    requested = Signal(object)  # PairsRequest
    suggestions_wanted = Signal(object)  # SuggestionRequest
    chosen = Signal(object)  # names of features that are worth a try, the best first
    complained = Signal(str)  # what is wrong with the fields

    def __init__(
        self, asked: Callable[[], Asked], freedom: Callable[[bool], Freedom], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._asked, self._freedom = asked, freedom
        self._waiting: SuggestionRequest | None = None
        self.suggest = named(QPushButton("S&uggest features"), "correction.suggest")
        self.suggest.setToolTip(SUGGEST_TIP)
        self.pairs = named(with_icon(QPushButton("Rank all &pairs"), "compute"), "correction.pairs")
        self.pairs.setToolTip(PAIRS_TIP)
        self.words = text_label(name="correction.suggestions")
        self.words.hide()
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.suggest)
        line.addWidget(self.pairs)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.words)
        self.suggest.clicked.connect(self._on_suggest)
        self.pairs.clicked.connect(self._on_pairs)

    def set_suggestions(self, request: SuggestionRequest, suggestions: Sequence[Suggestion]) -> None:
        """Tell what was found, if it is what was asked for last, and choose the best."""
        if request != self._waiting:
            return
        self._waiting = None
        self.suggest.setEnabled(True)
        useful = [one for one in suggestions if one.gain > 0]
        lines = [suggestion_words(one, place) for place, one in enumerate(useful[:MOST_NAMED], start=1)]
        self._say("\n".join([*lines, RANKED_BY]) if lines else "No feature alone does anything for the goal.")
        if useful:
            self.chosen.emit(tuple(one.name for one in useful))

    def refuse(self, request: SuggestionRequest, why: str) -> None:
        """Tell why there are none."""
        if request == self._waiting:
            self._waiting = None
            self.suggest.setEnabled(True)
            self._say(why)

    def forget(self) -> None:
        """The row or the goal is another one: what was said is about the one before."""
        self._waiting = None
        self.suggest.setEnabled(True)
        self._say("")

    def _say(self, text: str) -> None:
        self.words.setText(text)
        self.words.setVisible(bool(text))

    def _on_suggest(self) -> None:
        try:
            asked = self._asked()
            request = SuggestionRequest(input=asked.input, freedom=self._freedom(False), goal=asked.goal)  # noqa: FBT003
        except CorrieError as error:
            self.complained.emit(str(error))
            return
        self.complained.emit("")
        self._waiting = request
        self.suggest.setEnabled(False)
        self._say("Looking…")
        self.suggestions_wanted.emit(request)

    def _on_pairs(self) -> None:
        try:
            asked, freedom = self._asked(), self._two_or_more()
            request = PairsRequest(input=asked.input, freedom=freedom, goal=asked.goal, norm=asked.norm, row=asked.row)
        except CorrieError as error:
            self.complained.emit(str(error))
            return
        self.complained.emit("")
        QTimer.singleShot(0, self, lambda: self.requested.emit(request))  # the form may be gone when it is answered

    def _two_or_more(self) -> Freedom:
        """What is ticked, or all where that makes no pair."""
        try:
            ticked = self._freedom(True)  # noqa: FBT003
        except InvalidRequest:
            return self._freedom(False)  # noqa: FBT003
        return ticked if len(ticked.names) >= 2 else self._freedom(False)  # noqa: FBT003
