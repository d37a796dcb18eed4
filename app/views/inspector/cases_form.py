"""Asks for a table of cases: all rejected rows of the data, with what may change, and rules that serve many."""

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QWidget

from app.views.inspector.fields import whole_number
from app.views.inspector.form import RequestForm
from app.views.inspector.freedom.choice import FreedomChoice
from app.views.inspector.freedom.settings import Settings
from app.views.inspector.landscape.rows import Rows
from app.views.inspector.section import FoldButton
from app.views.inspector.wanted_choice import Said, WantedChoice
from app.views.made import chooser, named, text_label
from core.corrections.records.cases import MOST_RULES, CaseFeature, CasesRequest
from core.corrections.records.correction import Norm
from core.data.dataset import Dataset
from core.data.tables.features import FeatureCard
from core.errors import InvalidRequest
from core.exchange.words import NORMS, whole

ALL = 0  # of the rows
FIRST = 2  # numbers that are ticked at first
Others = Callable[[], tuple[str, ...]]


class CasesForm(RequestForm):
    """For tables with a feature card. `others` names networks of the session that take the same rows, by sha256."""

    def __init__(self, data: Dataset, card: FeatureCard, others: Others, parent: QWidget | None = None) -> None:
        super().__init__("Correct all rejected rows", "cases", parent)
        self._data, self._card, self._others = data, card, others
        self._verdicts: Said | None = None
        self.wanted = WantedChoice("cases", data, card)
        self.freedom = FreedomChoice("cases", data, card)
        self.samples = whole_number("cases.samples", ALL, len(data), ALL)
        self.samples.setSpecialValueText(f"all {whole(len(data))}")
        self.rejected = text_label(name="cases.rejected")
        self.seconds = whole_number("cases.seconds", 1, 86_400, 10)
        self.seconds.setSuffix(" s")
        self.rules = whole_number("cases.rules", 0, MOST_RULES, 5)
        self.rules.setSpecialValueText("none")
        self.norm = chooser("cases.norm")
        for norm, words in NORMS.items():
            self.norm.addItem(words, norm)
        self.rule_seconds = whole_number("cases.rule_seconds", 1, 86_400, 60)
        self.rule_seconds.setSuffix(" s")
        self.under = named(QCheckBox("Try them on the other networks"), "cases.under")
        self.under.setToolTip(
            "Whether the corrections, boxes and all, are accepted by the other networks of the session"
        )
        self.more = FoldButton("More", "cases.more", unfolded=False)
        self._rows = Rows(self.fields, self.more.isChecked)
        self._lay()
        self.freedom.choose(self._first())
        self.button.setEnabled(bool(self.freedom.changeable))
        self.more.toggled.connect(self._rows.refresh)
        self.samples.valueChanged.connect(self._describe)
        self.wanted.changed.connect(self._describe)
        self._describe()

    def set_verdicts(self, said: Said) -> None:
        """Tell what the network says of every row."""
        self._verdicts = said
        self._describe()

    def request(self) -> CasesRequest:
        settings = {name: self.freedom.settings(name) for name in self.freedom.names}
        if not settings:
            raise InvalidRequest("Nothing may change. Tick at least one feature.")
        norm: Norm = self.norm.currentData()
        return CasesRequest(
            free=tuple(case_feature(name, one) for name, one in settings.items()),
            goal=self.wanted.wanted().goal(self._data, self._card),
            norm=norm,
            samples=self.samples.value() or None,
            seconds=float(self.seconds.value()),
            rules=self.rules.value(),
            rule_seconds=float(self.rule_seconds.value()),
            others=self._others() if self.under.isChecked() else (),
        )

    def _first(self) -> list[str]:
        """The first numbers that may change."""
        names = self.freedom.changeable
        return [name for name in names if self.freedom.settings(name).sort == "number"][:FIRST]

    def _lay(self) -> None:
        self.fields.addRow("Wante&d", self.wanted)
        self.fields.addRow(self.freedom)
        self._rows.add("&First rows", self.samples, when=lambda: True)
        self.fields.addRow("", self.rejected)
        self._rows.add("&Rules", self.rules, when=lambda: True, tip="That between them correct most rows, proved")
        for text, field, explained in (
            ("&Search for", self.seconds, "For one row; what is open then stays open, and is said so"),
            ("Rules &within", self.rule_seconds, "For all rules together"),
            ("&Norm", self.norm, "Of the change"),
            ("", self.under, ""),
        ):
            self._rows.add(text, field, when=lambda: True, more=True, tip=explained)
        self.fields.addRow(self.more)
        self._rows.refresh()

    def _describe(self) -> None:
        """How many rows it is about, once the verdicts are known."""
        if self._verdicts is None:
            self.rejected.setText("")
            return
        first = self.samples.value() or len(self._data)
        reached = self.wanted.reached(self._verdicts)[:first]
        amount = int((~reached).sum())
        self.rejected.setText(f"{whole(amount)} of {whole(first)} rejected" if amount else "none is rejected")


def case_feature(name: str, one: Settings) -> CaseFeature:
    """What was entered of one feature, for all rows.

    Raises
    ------
    InvalidRequest
        If no level of a category may be chosen, or a range is empty.
    """
    if one.sort == "category":
        if not one.allowed:
            raise InvalidRequest(f'No level of "{name}" may be chosen. Tick one, or leave the category out.')
        every = len(one.allowed) == len(one.levels)
        levels = () if every else tuple(one.levels[place] for place in sorted(one.allowed))
        return CaseFeature(name=name, price=one.price, levels=levels)
    if not one.low < one.high:
        raise InvalidRequest(f'"{name}" may change from {one.low:g} to {one.high:g}: that range is empty.')
    return CaseFeature(
        name=name,
        half_width=one.half_width,
        low=one.low,
        high=one.high,
        price=one.price,
        step=one.step,
        change="may" if one.change == "fixed" else one.change,
    )
