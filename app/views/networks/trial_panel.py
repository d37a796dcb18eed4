"""How a network does on sample data: a verdict for each of a few samples, the score of many, and a clear warning."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.actions.importing import TrialOnData
from app.actions.wording import sized
from app.views.made import chooser, named, text_label, with_icon
from app.views.networks.data_details import label_text
from app.views.networks.item_table import Column, ItemTable
from app.views.networks.notice import Notice
from app.views.networks.sample_images import brightness_of, is_picture, picture_of_sample
from app.views.networks.sample_strip import Sample, SampleStrip
from core.networks.card import InputCard
from core.session.document import DatasetItem

OFFERED = 3  # other preprocessings


@dataclass(frozen=True, kw_only=True)
class VerdictRow:
    """One sample that is no picture, and what is said of it."""

    id: str
    label: str
    verdict: str
    sure: str


COLUMNS: tuple[Column[VerdictRow], ...] = (
    Column(title="Sample", text=lambda row: row.id),
    Column(title="Label", text=lambda row: row.label),
    Column(title="Verdict", text=lambda row: row.verdict),
    Column(title="Confidence", text=lambda row: row.sure),
)


class TrialPanel(QWidget):
    """Asks for the data to try on, and shows what came of it."""

    data_chosen = Signal()
    open_data_wanted = Signal()
    input_wanted = Signal(object)  # InputCard of a preprocessing that does better

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trial")
        self.data = chooser("trial.data")
        self.open = named(with_icon(QPushButton("Open data…"), "data"), "trial.open_data")
        self.state = text_label(name="trial.state")
        self.warning = Notice("trial.warning")
        self.strip = SampleStrip("trial.samples")
        self.rows: ItemTable[VerdictRow] = ItemTable("trial.rows", "Verdicts", COLUMNS)
        self.rows.setMinimumHeight(5 * self.rows.verticalHeader().defaultSectionSize())
        label = QLabel("T&ry it on")
        label.setBuddy(self.data)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.data, 1)
        row.addWidget(self.open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.state)
        layout.addWidget(self.warning)
        layout.addWidget(self.strip)
        layout.addWidget(self.rows)
        self.data.activated.connect(self.data_chosen)
        self.open.clicked.connect(self.open_data_wanted)
        self.clear("")

    def set_data(self, items: Sequence[DatasetItem]) -> None:
        """Offer these; what was chosen stays chosen, and of new ones the newest is."""
        before = {self.data.itemData(index) for index in range(self.data.count())}
        chosen = self.data.currentData()
        self.data.clear()
        for item in items:
            self.data.addItem(sized(item), item.id)
        fresh = [item.id for item in items if item.id not in before]
        wanted = fresh[-1] if before and fresh else chosen
        self.data.setCurrentIndex(max(0, self.data.findData(wanted)) if items else -1)
        self.data.setEnabled(bool(items))

    def clear(self, text: str) -> None:
        """Show no trial but this sentence."""
        self.state.setText(text)
        self.warning.show_text("")
        self.strip.set_samples([])
        self.strip.hide()
        self.rows.hide()

    def show_trial(self, tried: TrialOnData, names: tuple[str, ...]) -> None:
        """Show what came of a trial.

        Parameters
        ----------
        names : tuple of str
            Of the network's outputs; where there are none those of the data are used.
        """
        trial = tried.trial
        self.state.setText(_score(tried))
        offers = [
            (f"Use {name} ({accuracy:.1%})", self._taker(card)) for name, card, accuracy in trial.better[:OFFERED]
        ]
        self.warning.show_text(trial.warning, offers)
        pictures = is_picture(tried.data.shape) and tried.data.features is None
        self.strip.setVisible(pictures and len(trial.verdicts) > 0)
        self.rows.setVisible(not pictures and len(trial.verdicts) > 0)
        said = _said(tried, names) if len(trial.verdicts) else []
        if pictures and said:
            light = brightness_of(tried.x)
            self.strip.set_samples(
                [
                    Sample(
                        image=picture_of_sample(x, light),
                        caption=row.label,
                        verdict=row.verdict,
                        note=row.sure,
                        good=row.verdict.startswith("✓"),
                    )
                    for x, row in zip(tried.x, said, strict=True)
                ]
            )
        else:
            self.rows.set_rows(said)
            self.rows.fit_columns()

    def _taker(self, card: InputCard) -> Callable[[], object]:
        return lambda: self.input_wanted.emit(card)


def _score(tried: TrialOnData) -> str:
    trial = tried.trial
    if math.isnan(trial.accuracy):
        return f"Mean squared error {trial.loss:.4g} on {trial.samples:,} samples."
    return (
        f"{trial.accuracy:.1%} of {_samples(tried)} are right; loss {trial.loss:.3g} nats. "
        f"By always saying the most frequent class {trial.chance:.1%} would be."
    )


def _samples(tried: TrialOnData) -> str:
    whole = tried.trial.samples == tried.data.samples
    return f"all {tried.data.samples:,} samples" if whole else f"{tried.trial.samples:,} samples from all over the data"


def _said(tried: TrialOnData, names: tuple[str, ...]) -> list[VerdictRow]:
    """What is said of the samples that are shown."""
    trial, shown = tried.trial, tried.shown
    rows = []
    verdicts = zip(trial.labels[shown], trial.verdicts[shown], trial.confidences[shown], strict=True)
    for index, (label, verdict, confidence) in enumerate(verdicts):
        called = _name(tried.data, names, int(verdict)) if verdict >= 0 else "no number"
        word = f"✓ right: {called}" if verdict == label else f"✗ wrong: {called}"
        sure = "" if math.isnan(confidence) else f"{confidence:.0%} sure"
        rows.append(
            VerdictRow(
                id=str(trial.rows[shown[index]]), label=_name(tried.data, names, int(label)), verdict=word, sure=sure
            )
        )
    return rows


def _name(data: DatasetItem, names: tuple[str, ...], index: int) -> str:
    return (
        data.classes[index]
        if index < len(data.classes)
        else (names[index] if index < len(names) else label_text(data, index))
    )
