"""Size and sharpness of a network: margins of the samples, norms of the layers, and the way to the table of all."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.render.plot.sizes.margins_view import MarginsView
from app.views.cell_table import Cells, CellTable
from app.views.made import named, text_label, with_icon
from app.views.pages.page import Page
from app.views.pages.picture import picture_of
from app.views.pages.table_part import table_part
from app.views.pages.tabs_with_table import TabsWithTable
from core.exchange.facts.complexity import gap_words, path_words, sharpness_words
from core.exchange.tables.rows import Row
from core.exchange.words import number, whole
from core.generalisation.complexity import Complexity, LayerNorms
from core.session.document import Result
from core.training.run import Run

WAITING = "Nothing has been measured yet. It appears here as soon as its job runs."
HEADS = ("Layer", "Kind", "Parameters", "Spectral norm", "±", "Frobenius norm")
HEAD_TIPS = (
    "In the order in which they act",
    "A normalisation is the diagonal map that it is in evaluation mode",
    "Numbers in the weights",
    "Largest singular value; of a convolution, of the linear map on its own input size",
    "Bound on its error; empty where it is exact",
    "Of the weights; of a convolution, of its kernel",
)


class ComplexityPage(Page):
    """A histogram above a table, or beside it in tabs where the window is low."""

    icon_name = "complexity"
    table_wanted = Signal()

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(item_id, parent)
        self.margins = MarginsView()
        self.layers = CellTable(f"complexity.layers.{item_id}", "Norms of the layers")
        self.summary = text_label(WAITING, f"complexity.summary.{item_id}")
        self.all = named(with_icon(QPushButton("&All networks…"), "compare"), f"complexity.all.{item_id}")
        self.all.setToolTip("Every measured network of the session beside its generalisation gap")
        self.copy = named(QPushButton("Copy layers as &CSV"), f"complexity.copy.{item_id}")
        header = QHBoxLayout()
        header.setContentsMargins(10, 8, 10, 4)
        header.addWidget(self.summary, 1)
        header.addWidget(self.all, 0, Qt.AlignmentFlag.AlignTop)
        words = text_label("Norms of the layers, in the order in which they act")
        below = table_part(words, self.copy, table=self.layers)
        self.tabs = TabsWithTable(f"complexity.tabs.{item_id}", self.margins, "Margins", below, "Layers", (340, 260))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(header)
        layout.addWidget(self.tabs, 1)
        self.copy.clicked.connect(self.layers.copy_csv)
        self.all.clicked.connect(self.table_wanted)
        self.margins.hovered.connect(self.hovered)

    def show_result(self, result: Result | Run | None) -> None:
        found = result if isinstance(result, Complexity) else None
        self.margins.set_complexity(found)
        self.layers.set_cells(None if found is None else layer_cells(found.layers))
        self.copy.setEnabled(found is not None and bool(found.layers))
        self.summary.setText(WAITING if found is None else summary_words(found))

    def image(self) -> QImage:
        return picture_of(self)


def summary_words(found: Complexity) -> str:
    """What decides and what does not, in a few lines."""
    parts = ["Partial: not everything is measured yet."] if found.status == "partial" else []
    if found.test_samples:
        parts.append(f"Generalisation gap: {gap_words(found)}.")
    if found.rises.size:
        parts.append(f"Sharpness: {sharpness_words(found)}.")
    if found.layers:
        parts.append(f"Path norm: {path_words(found).rstrip('.')}.")
    return "\n".join(parts)


def layer_cells(layers: tuple[LayerNorms, ...]) -> Cells:
    """The norms layer by layer, with bars that begin at zero."""
    most = [max((getattr(layer, name) for layer in layers), default=0.0) or 1.0 for name in ("spectral", "frobenius")]
    rows: list[tuple[str, ...]] = []
    shares: dict[tuple[int, int], float] = {}
    for row, layer in enumerate(layers):
        error = number(layer.spectral_error, 2) if layer.spectral_error else ""
        norms = (number(layer.spectral), error, number(layer.frobenius))
        rows.append((layer.layer, layer.kind, whole(layer.parameters), *norms))
        shares |= {(row, 3): layer.spectral / most[0], (row, 5): layer.frobenius / most[1]}
    copied: list[Row] = [
        ("layer", "kind", "parameters", "spectral norm", "error of the spectral norm", "Frobenius norm")
    ]
    copied += [
        (layer.layer, layer.kind, layer.parameters, layer.spectral, layer.spectral_error, layer.frobenius)
        for layer in layers
    ]
    return Cells(heads=HEADS, rows=rows, copied=tuple(copied), words=2, head_tips=HEAD_TIPS, shares=shares)
