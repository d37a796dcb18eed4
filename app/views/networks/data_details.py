"""One data set in full: classes and how often they occur, ranges, and the first samples."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QSplitter, QVBoxLayout, QWidget

from app.jobs.failure import JobFailure
from app.jobs.latest import LatestWork
from app.views.made import named, text_label
from app.views.networks.item_table import Column, ItemTable
from app.views.networks.sample_images import brightness_of, is_picture, picture_of_sample
from app.views.networks.sample_rows import SampleRows
from app.views.networks.sample_strip import Sample, SampleStrip
from app.views.networks.share_bar import ShareBar
from core.data.storing import restore_dataset
from core.data.summary import DataSummary, summarise
from core.job import JobContext
from core.session.document import DatasetItem

FIRST = 24  # samples that are shown


@dataclass(frozen=True, kw_only=True)
class ClassRow:
    """How often a class occurs."""

    id: str
    name: str
    count: int
    share: float


@dataclass(frozen=True, kw_only=True)
class RangeRow:
    """What values a column or channel takes."""

    id: str
    name: str
    unit: str
    low: float
    high: float
    mean: float
    std: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Look:
    """What was found in the samples."""

    summary: DataSummary
    x: npt.NDArray[np.generic]
    y: npt.NDArray[np.generic]


CLASS_COLUMNS: tuple[Column[ClassRow], ...] = (
    Column(title="Class", text=lambda row: row.name),
    Column(title="Samples", text=lambda row: f"{row.count:,}", key=lambda row: row.count),
    Column(title="Share", text=lambda row: f"{row.share:.1%}", key=lambda row: row.share),
)
RANGE_COLUMNS: tuple[Column[RangeRow], ...] = (
    Column(title="Values of", text=lambda row: row.name),
    Column(title="Unit", text=lambda row: row.unit),
    Column(title="Lowest", text=lambda row: f"{row.low:.6g}", key=lambda row: row.low),
    Column(title="Highest", text=lambda row: f"{row.high:.6g}", key=lambda row: row.high),
    Column(title="Mean", text=lambda row: f"{row.mean:.6g}", key=lambda row: row.mean),
    Column(title="Standard deviation", text=lambda row: f"{row.std:.6g}", key=lambda row: row.std),
)


class DataDetails(QWidget):
    """Looks into the samples behind the window, and shows what it found."""

    remove_wanted = Signal(str)  # item id

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_details")
        self._item: DatasetItem | None = None
        self._work = LatestWork(self)
        self.note = text_label(name="data.note")
        self.classes = ItemTable("data.classes", "Classes", CLASS_COLUMNS)
        self.classes.setItemDelegateForColumn(2, ShareBar(self.classes))
        self.ranges = ItemTable("data.ranges", "Ranges", RANGE_COLUMNS)
        self.strip = SampleStrip("data.samples")
        self.rows = SampleRows("data.rows")
        self.remove = named(QPushButton("Remove"), "data.remove")
        self.remove.clicked.connect(self._on_remove)
        self._lay_out()

    def set_item(self, item: DatasetItem) -> None:
        """Show a data set."""
        fresh = self._item is None or (self._item.sha256, self._item.classes, self._item.features) != (
            item.sha256,
            item.classes,
            item.features,
        )
        self._item = item
        if fresh:
            self._work.stop()
            self._clear()
            self._say("Looking into the samples…")
            self._work.start(item.name, lambda job: _look(item, job), self._show, self._on_failed)

    def stop(self) -> None:
        """Nobody looks any more."""
        self._work.stop()

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.note)
        column.addWidget(self.classes, 3)
        column.addWidget(self.ranges, 2)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.remove)
        column.addLayout(buttons)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setWidget(self.strip)
        right = QWidget()
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(QLabel("First samples"))
        beside.addWidget(self._area, 1)
        beside.addWidget(self.rows, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _clear(self) -> None:
        self.classes.set_rows([])
        self.ranges.set_rows([])
        self.strip.set_samples([])
        for widget in (self.classes, self.ranges, self._area, self.rows):
            widget.hide()

    def _show(self, look: Look) -> None:
        item = self._item
        if item is None:
            return
        summary = look.summary
        self._say(f"{summary.dtype}, {summary.size_bytes / 1e6:,.3g} MB of samples, sha256 {item.sha256[:12]}…")
        self.classes.setVisible(len(summary.class_counts) > 0)
        self.classes.set_rows(_class_rows(item, summary))
        self.classes.fit_columns()
        self.ranges.set_rows(_range_rows(item, summary))
        self.ranges.fit_columns()
        self.ranges.show()
        pictures = is_picture(item.shape) and item.features is None
        self._area.setVisible(pictures)
        self.rows.setVisible(not pictures)
        if pictures:
            light = brightness_of(look.x)
            self.strip.set_samples(
                [
                    Sample(image=picture_of_sample(x, light), caption=label_text(item, y))
                    for x, y in zip(look.x, look.y, strict=True)
                ]
            )
        elif item.features is not None and item.features.width == look.x.shape[1]:
            self.rows.set_table(item.features.features, look.x, [label_text(item, y) for y in look.y])
        else:
            self.rows.set_samples(summary.names, look.x, [label_text(item, y) for y in look.y])

    def _on_failed(self, failure: JobFailure) -> None:
        self._say(failure.message)

    def _on_remove(self) -> None:
        if self._item is not None:
            self.remove_wanted.emit(self._item.id)

    def _say(self, text: str) -> None:
        self.note.setText(text)


def label_text(item: DatasetItem, label: object) -> str:
    """The class of a sample, or the numbers to be predicted."""
    if item.targets:
        numbers = np.atleast_1d(np.asarray(label, np.float64))
        return ", ".join(f"{number:.6g}" for number in numbers)
    index = int(np.asarray(label))
    return item.classes[index] if index < len(item.classes) else f"class {index}"


def _look(item: DatasetItem, job: JobContext) -> Look:
    data = restore_dataset(item)
    return Look(summary=summarise(data, job), x=np.array(data.x[:FIRST]), y=np.array(data.y[:FIRST]))


def _class_rows(item: DatasetItem, summary: DataSummary) -> list[ClassRow]:
    total = max(1, int(summary.class_counts.sum()))
    return [
        ClassRow(id=str(index), name=label_text(item, index), count=int(count), share=float(count) / total)
        for index, count in enumerate(summary.class_counts)
    ]


def _range_rows(item: DatasetItem, summary: DataSummary) -> list[RangeRow]:
    units, numeric = ["" for _ in summary.names], [True for _ in summary.names]
    if item.features is not None and item.features.width == len(units):
        of_columns = [feature for feature in item.features.features for _ in range(feature.width)]
        units = [feature.unit for feature in of_columns]
        numeric = [feature.kind != "category" for feature in of_columns]  # ones and zeros have no range worth a row
    numbers = zip(summary.names, units, summary.low, summary.high, summary.mean, summary.std, numeric, strict=True)
    return [
        RangeRow(id=str(index), name=name, unit=unit, low=low, high=high, mean=mean, std=std)
        for index, (name, unit, low, high, mean, std, is_number) in enumerate(numbers)
        if is_number
    ]
