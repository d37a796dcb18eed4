"""What a layout is made of: panels with series, sentences, tables, and what is missing. The drawers know no more."""

import math
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from core.exchange.tables.rows import Row
from core.exchange.words import number, whole
from core.landscape.plane import Directions
from core.naming import Request
from core.session.document import ResultItem

FloatArray = npt.NDArray[np.float64]
Kind = Literal["figure3", "figure4", "figure5", "twins"]
KINDS: tuple[Kind, ...] = get_args(Kind)
KIND_WORDS: dict[Kind, str] = {
    "figure3": "Spectrum by batch size (Yao et al., Figure 3)",
    "figure4": "Loss along v₁ by batch size (Figure 4)",
    "figure5": "Curvature through training (Figure 5)",
    "twins": "Robust against plain twins",
}
SHAPES = ("o", "s", "^", "D", "v", "P", "X", "*")  # of marks, in the letters of matplotlib; colours alone tell nothing
TWIN_COLOURS = ("#0072B2", "#D55E00")  # Okabe & Ito 2008: blue and vermillion
_WHOLE = 1e7  # beyond, whole numbers are written with a power of ten
# From small to large: luminance rises with every step, so that the order is seen with any colour vision, and every one
# has a contrast of 3 with white paper.
_RAMP = ("#440154", "#3B528B", "#21918C", "#C58A00")


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One axis of a panel."""

    name: str
    unit: str = ""
    logarithmic: bool = False
    ticks: tuple[float, ...] = ()  # where there are no others


@dataclass(frozen=True, kw_only=True, eq=False)
class Series:
    """Points of one network or training in one panel; NaN is a gap."""

    group: int  # which of the networks: its colour and mark; −1 none of them, drawn in grey
    x: FloatArray = field(repr=False)  # (n,)
    y: FloatArray = field(repr=False)  # (n,)
    label: str = ""  # what it is beside the network's name, such as "test"
    dashed: bool = False
    joined: bool = True
    mark: int | None = None  # in `SHAPES`; None: that of the group
    every: int = 1  # only each so many-th point has a mark; 0: none has
    error: FloatArray | None = field(default=None, repr=False)  # (n,), half lengths of whiskers
    hollow: npt.NDArray[np.bool_] | None = field(default=None, repr=False)  # (n,), marks without a filling


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel:
    """One pair of axes."""

    title: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    empty: str = ""  # why there is nothing to be seen


@dataclass(frozen=True, kw_only=True, eq=False)
class Missing:
    """A result that the layout lacks, and what to compute for it; without a request it cannot be asked for here."""

    words: str  # "no spectrum of m1-512 yet"
    network_id: str
    request: Request | None = None
    dataset_id: str = ""
    test_id: str = ""
    run_id: str = ""
    directions: Directions | None = None


@dataclass(frozen=True, kw_only=True)
class Table:
    """Words and numbers in rows under a head, for readers and spreadsheets; NaN is what is not known."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """The rows as they are read, "—" for what is not known."""
        return tuple(tuple(cell if isinstance(cell, str) else plain(cell) for cell in row) for row in self.rows)


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """A whole layout."""

    kind: Kind
    title: str
    subtitle: str
    names: tuple[str, ...]  # of the networks or trainings, in the order of their colours
    panels: tuple[Panel, ...]
    styles: tuple[tuple[str, str], ...] = ()  # for the legend: words, and one of "line", "dashed", "hollow", a mark
    statements: tuple[str, ...] = ()  # whether the trend is there
    notes: tuple[str, ...] = ()  # where it comes from, what differs
    missing: tuple[Missing, ...] = ()
    table: Table = Table(head=(), rows=())
    rows: tuple[Row, ...] = ()  # every number, for a file; the head first
    surfaces: tuple[ResultItem, ...] = ()  # beside each other on one scale

    @property
    def colours(self) -> tuple[str, ...]:
        """``#RRGGBB`` of every name, for white paper."""
        return TWIN_COLOURS if self.kind == "twins" else ordered_colours(len(self.names))


def plain(value: float, digits: int = 4) -> str:
    """A number for a table, "—" where it is not known."""
    if math.isnan(value):
        return "—"
    return whole(int(value)) if abs(value) < _WHOLE and value == int(value) else number(value, digits)


def ordered_colours(count: int) -> tuple[str, ...]:
    """So many colours from dark to light whose order is seen."""
    stops = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in _RAMP], dtype=float)
    places = np.linspace(0, len(_RAMP) - 1, count) if count != 1 else np.array([1.0])
    channels = [np.interp(places, np.arange(len(_RAMP)), stops[:, i]).round().astype(int) for i in range(3)]
    return tuple(f"#{red:02X}{green:02X}{blue:02X}" for red, green, blue in zip(*channels, strict=True))


def shape_of(group: int, count: int) -> int:
    """The mark of a network, in `SHAPES`."""
    return group % len(SHAPES) if count > 1 else 0
