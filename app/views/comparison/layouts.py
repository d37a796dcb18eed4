"""Which surfaces stand where: as chosen, or as in the figures of Li et al. 2018, by depth or width and shortcuts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from core.exchange.figures.comparison_layout import MOST_SURFACES, WITH, WITHOUT, Layout, plain_layout
from core.landscape.surface import Surface
from core.session.document import Document, NetworkItem, ResultItem

Way = Literal["automatic", "depth", "width", "order"]
WAYS: tuple[Way, ...] = get_args(Way)
WAY_WORDS: dict[Way, str] = {
    "automatic": "By what the networks are",
    "depth": "Shortcuts × depth (Li et al., Figures 1 and 5)",
    "width": "Shortcuts × width (Li et al., Figure 6)",
    "order": "In the order of the session",
}
PADDING = "padding shortcuts"
ROWS = (WITH, PADDING, WITHOUT)
MOST_COLUMNS = 4  # where nothing tells rows and columns

_RESNET = re.compile(
    r"(?:resnet(?P<depth>\d+)(?:_(?:k(?P<factor>\d+)|w(?P<channels>\d+)))?|wrn(?P<wide>\d+)_(?P<times>\d+))"
    r"(?P<variant>_noshort|_pad)?"
)
_VARIANTS = {None: WITH, "_pad": PADDING, "_noshort": WITHOUT}


@dataclass(frozen=True, order=True)
class Kind:
    """What a residual network's name says."""

    depth: int
    width: int  # times the usual number of channels
    channels: int  # of the first stage, where the name says them; 0: the usual
    row: str  # which shortcuts

    @property
    def column(self) -> tuple[int, int, int]:
        """What is compared with and without shortcuts."""
        return self.depth, self.width, self.channels

    @property
    def title(self) -> str:
        """Of its column."""
        if self.channels:
            return f"ResNet-{self.depth}, {self.channels} channels"
        return f"ResNet-{self.depth}" if self.width == 1 else f"ResNet-{self.depth}, k = {self.width}"


def kind_of_network(document: Document, item: ResultItem) -> Kind | None:
    """The kind of the network that a result belongs to; None if it is no residual network by name."""
    network = document.items.get(item.network_id)
    if not isinstance(network, NetworkItem):
        return None
    found = _RESNET.fullmatch(network.card.architecture or "")
    if found is None:
        return None
    depth = int(found["depth"] or found["wide"])
    width = int(found["factor"] or found["times"] or 1)
    return Kind(depth, width, int(found["channels"] or 0), _VARIANTS[found["variant"]])


def surfaces_in(document: Document) -> tuple[ResultItem, ...]:
    """All surfaces of a session, in its order."""
    return tuple(item for item in document.results if isinstance(item.result, Surface))


def chosen_for(way: Way, document: Document) -> tuple[ResultItem, ...]:
    """The surfaces that a figure of the paper asks for, the newest one of each network; all for the other ways."""
    surfaces = surfaces_in(document)
    if way not in ("depth", "width"):
        return surfaces[:MOST_SURFACES]
    newest = {kind: item for item in surfaces if (kind := kind_of_network(document, item)) is not None}
    # Of several families the one with most members: all of one width, or all of one depth.
    groups: dict[tuple[int, int], list[Kind]] = {}
    for kind in newest:
        key = (kind.width, kind.channels) if way == "depth" else (kind.depth, 0)
        groups.setdefault(key, []).append(kind)
    largest = max(groups.values(), key=len, default=[])
    return tuple(newest[kind] for kind in sorted(largest))[:MOST_SURFACES]


def arrange(items: Sequence[ResultItem], document: Document, way: Way) -> Layout:
    """Give every surface its row and column; in reading order where its network does not say one."""
    items = items[:MOST_SURFACES]
    kinds = {item.id: kind_of_network(document, item) for item in items}
    known = [kind for kind in kinds.values() if kind is not None]
    if way == "order" or len(items) < 2 or len(known) < len(items) or len(set(known)) < len(items):
        return plain_layout(items, MOST_COLUMNS if len(items) > 6 else 3 if len(items) != 4 else 2)
    rows = [row for row in ROWS if any(kind.row == row for kind in known)]
    columns = sorted({kind.column for kind in known})
    titles = {kind.column: kind.title for kind in known}
    cells = {
        (rows.index(kind.row), columns.index(kind.column)): item
        for item in items
        if (kind := kinds[item.id]) is not None
    }
    named = tuple(titles[column] for column in columns)
    if len(columns) == 1 and len(rows) > 1:  # side by side, as in Figure 1, rather than one below the other
        return Layout(rows=named, columns=tuple(rows), cells={(0, row): item for (row, _), item in cells.items()})
    return Layout(rows=tuple(rows), columns=named, cells=cells)
