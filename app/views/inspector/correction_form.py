"""Asks for a correction: which row, which features may change, how stable."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from app.actions.wording import tip
from app.views.inspector.fields import NumberField, whole_number
from app.views.inspector.form import RequestForm
from app.views.inspector.freedom.choice import FreedomChoice
from app.views.inspector.landscape.rows import Rows
from app.views.inspector.pairs_offer import Asked, PairsOffer
from app.views.inspector.section import FoldButton
from app.views.inspector.wanted_choice import Said, WantedChoice
from app.views.made import chooser, named, text_label
from core.corrections.records.correction import CorrectionRequest, Norm
from core.corrections.records.freedom import Freedom
from core.corrections.records.joint import JointRequest
from core.corrections.requests.rows import request_for_row
from core.corrections.requests.slices import slice_request, sliceable
from core.data.dataset import Dataset
from core.data.tables.features import Feature, FeatureCard
from core.errors import InvalidRequest
from core.exchange.words import NORMS

MEANINGS: dict[Norm, str] = {
    "L1": "the sum of the weighted changes is to be smallest",
    "L2": "their Euclidean length",
    "Linf": "the largest of them",
}
MOST_SUGGESTED = 3
EXACTLY, SEVERAL = "two numbers, exactly", "several features"
HOW_TIP = (
    "Two numbers: all of the accepted region is drawn, exactly. Several features, categories among them: the nearest "
    "stable correction is searched between a proved bound and the best found, and a box is proved around it. "
    "Two ticked numbers are drawn exactly as well."
)
MOST_TIP = (
    "So many of the ticked features are changed at most. The others stay exactly as in the row: no stability is asked "
    "for in them"
)


class CorrectionForm(RequestForm):
    """For tables with a feature card. Rows can be walked by verdict once the network's verdicts are known."""

    def __init__(self, data: Dataset, card: FeatureCard, parent: QWidget | None = None) -> None:
        super().__init__("Compute correction", "correction", parent)
        self._data, self._card = data, card
        self._verdicts: Said | None = None
        self._changeable = [f for f in card.features if f.kind != "category" and f.change != "fixed"]
        self.row = whole_number("correction.row", 0, len(data) - 1, 0, "Counted from 0")
        self.next = named(QPushButton("Next rejected"), "correction.next")
        self.next.setEnabled(False)
        self.verdict = text_label(name="correction.verdict")
        self.wanted = WantedChoice("correction", data, card)
        self.how = chooser("correction.how")
        self.how.addItems([EXACTLY, SEVERAL])
        self.features = [self._feature_box(index) for index in (0, 1)]
        self.freedom = FreedomChoice("correction", data, card)
        self.stability = [NumberField(f"correction.stability.{i}", 0.0, 1e12, 0.0, step=1.0) for i in (0, 1)]
        self.norm = chooser("correction.norm")
        for norm in MEANINGS:
            self.norm.addItem(NORMS[norm], norm)
        self.most_changed = whole_number("correction.most_changed", 0, len(card.features), 0)
        self.most_changed.setSpecialValueText("any number")
        self.different = whole_number("correction.different", 0, 20, 2)
        self.seconds = whole_number("correction.seconds", 1, 86_400, 30)
        self.seconds.setSuffix(" s")
        self.more = FoldButton("More", "correction.more", unfolded=False)
        self.more.setToolTip("What most people leave as it is")
        self.offer = PairsOffer(self._asked, self._free)
        self._rows = Rows(self.fields, self.more.isChecked)
        self._lay()
        self._connect()
        if len(self._changeable) < 2:
            self.how.setCurrentText(SEVERAL)
        self.button.setEnabled(bool(self.freedom.changeable))
        if not self.freedom.changeable:
            self.complain("Nothing may change in this table. Allow more on its feature card.")
        self._on_feature_changed()
        self._describe()

    @property
    def several(self) -> bool:
        """Whether features are ticked, rather than two chosen."""
        return self.how.currentText() == SEVERAL

    def set_verdicts(self, said: Said) -> None:
        """Tell what the network says of every row; goes to the first rejected one if the present one is accepted."""
        self._verdicts = said
        if self.wanted.reached(said)[self.row.value()]:
            self._go_to_next()
        self._describe()

    def choose_features(self, names: Sequence[str]) -> None:
        """Let exactly these change: two numbers in their two boxes while those are shown, else ticks."""
        numbers = [feature.name for feature in self._changeable]
        if not self.several and len(names) == 2 and all(name in numbers for name in names):
            for box, name in zip(self.features, names, strict=True):
                box.setCurrentIndex(box.findData(name))
            return
        self.how.setCurrentText(SEVERAL)
        self.freedom.choose(names)

    def request(self) -> CorrectionRequest | JointRequest:
        return self._several_request() if self.several else self._exact_request()

    def _exact_request(self) -> CorrectionRequest:
        free = [box.currentData() for box in self.features]
        if free[0] == free[1]:
            raise InvalidRequest("The two features are the same one. Choose two.")
        stability = {name: field.value() for name, field in zip(free, self.stability, strict=True)}
        norm = self.norm.currentData()
        return request_for_row(self._data, self.row.value(), free, self.wanted.wanted(), stability, norm=norm)

    def _several_request(self) -> CorrectionRequest | JointRequest:
        freedom, asked = self.freedom.freedom(self.row.value()), self._asked()
        request = JointRequest(
            input=asked.input,
            freedom=freedom,
            goal=asked.goal,
            norm=asked.norm,
            row=asked.row,
            most_changed=self.most_changed.value(),
            different=self.different.value(),
            seconds=float(self.seconds.value()),
        )
        two = len(freedom.names) == 2 and len(sliceable(request)) == 2
        return slice_request(request, 0, 1) if two and not request.most_changed else request

    def _asked(self) -> Asked:
        """What a search in several features is about, and the offer of pairs and suggestions."""
        row = self.row.value()
        return Asked(
            input=tuple(self._data.x[row].astype(np.float64).tolist()),
            row=row,
            goal=self.wanted.wanted().goal(self._data, self._card),
            norm=self.norm.currentData(),
        )

    def _free(self, ticked: bool) -> Freedom:  # noqa: FBT001  one of two questions
        """What may change, as it is entered: of the ticked features, or of all that have something to choose."""
        row = self.row.value()
        return self.freedom.freedom(row) if ticked and self.several else self.freedom.all_freedom(row)

    def _on_suggested(self, names: Sequence[str]) -> None:
        """Two numbers where two are drawn, else the three best."""
        numbers = [feature.name for feature in self._changeable]
        best = [name for name in names if name in numbers][:2]
        self.choose_features(best if not self.several and len(best) == 2 else names[:MOST_SUGGESTED])

    def _lay(self) -> None:
        rows = QHBoxLayout()
        rows.addWidget(self.row, 1)
        rows.addWidget(self.next)
        self.add_row("Ro&w", rows, self.row)
        self.fields.addRow("", self.verdict)
        self.fields.addRow("Wante&d", self.wanted)
        self._rows.add("May &change", self.how, when=lambda: len(self._changeable) >= 2, tip=HOW_TIP)
        for index, name in enumerate(("First", "Second")):
            self._rows.add(f"{name} feature", self.features[index], when=lambda: not self.several)
            self._rows.add("stable for ±", self.stability[index], when=lambda: not self.several)
        self._rows.add("", self.freedom, when=lambda: self.several)
        self.fields.addRow(self.offer)
        norms = "; ".join(f"{NORMS[norm]}: {meaning}" for norm, meaning in MEANINGS.items())
        self._rows.add("&Norm", self.norm, when=lambda: True, more=True, tip=f"How far away a change is. {norms}")
        for text, field, explained in (
            ("At &most changed", self.most_changed, MOST_TIP),
            ("&Different ways", self.different, "Further corrections, each of another set of features"),
            ("&Search for", self.seconds, "For one correction; what is open then stays open, and is said so"),
        ):
            self._rows.add(text, field, when=lambda: self.several, more=True, tip=explained)
        self.fields.addRow(self.more)
        self._rows.refresh()

    def _connect(self) -> None:
        self.more.toggled.connect(self._rows.refresh)
        self.how.currentIndexChanged.connect(self._on_how)
        for box in self.features:
            box.currentIndexChanged.connect(self._on_feature_changed)
        self.row.valueChanged.connect(self._describe)
        self.row.valueChanged.connect(self.freedom.set_row)
        self.wanted.changed.connect(self._describe)
        self.next.clicked.connect(self._go_to_next)
        self.row.valueChanged.connect(self.offer.forget)
        self.wanted.changed.connect(self.offer.forget)
        self.offer.requested.connect(self.requested)
        self.offer.complained.connect(self.complain)
        self.offer.chosen.connect(self._on_suggested)

    def _feature_box(self, start: int) -> QComboBox:
        box = chooser(f"correction.feature.{start}")
        box.currentTextChanged.connect(lambda text: box.setToolTip(tip(text)))  # a long name is cut off
        for feature in self._changeable:
            box.addItem(f"{feature.name} ({feature.unit})" if feature.unit else feature.name, feature.name)
        box.setCurrentIndex(min(start, box.count() - 1))
        return box

    def _chosen(self) -> Sequence[Feature]:
        return [self._card.feature(box.currentData()) for box in self.features if box.currentData()]

    def _on_how(self) -> None:
        """Begin with the two that were chosen, as stable as they were to be."""
        if self.several and not self.freedom.names:
            self.freedom.choose([feature.name for feature in self._chosen()])
            for feature, field in zip(self._chosen(), self.stability, strict=False):
                self.freedom.set_stability(feature.name, field.value())
        self._rows.refresh()

    def _on_feature_changed(self) -> None:
        for feature, field in zip(self._chosen(), self.stability, strict=False):
            field.setValue(feature.half_width)
            field.setSuffix(f" {feature.unit}" if feature.unit else "")

    def _go_to_next(self) -> None:
        if self._verdicts is None:
            return
        rejected = np.flatnonzero(~self.wanted.reached(self._verdicts))
        if len(rejected):
            beyond = rejected[rejected > self.row.value()]
            self.row.setValue(int(beyond[0] if len(beyond) else rejected[0]))

    def _label_words(self, row: int) -> str:
        if self._data.task == "regression":
            return f"labelled {float(np.reshape(self._data.y[row], -1)[0]):.4g}\u00a0{self._card.target_unit}".rstrip()
        return f"labelled {self._data.classes[self._data.y[row]]}" if self._data.classes else ""

    def _describe(self) -> None:
        row = self.row.value()
        words = self._label_words(row)
        if self._verdicts is not None:
            reached = self.wanted.reached(self._verdicts)
            self.next.setEnabled(not reached.all())
            words = f"{self.wanted.said_words(self._verdicts, row)}, {words}"
            if reached[row]:
                words += ": nothing to correct"
        self.verdict.setText(words)
