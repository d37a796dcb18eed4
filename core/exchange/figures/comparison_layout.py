"""Where surfaces stand on a page: rows with and without shortcuts, columns by depth or width (Li et al. 2018)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.errors import InvalidRequest
from core.landscape.surface import Surface
from core.session.document import Document, NetworkItem, ResultItem

_ARCHITECTURE = re.compile(r"([a-z]+)-?(\d+)(?:_(\d+))?(_noshort)?")
_FAMILIES = {"resnet": "ResNet", "wrn": "WRN", "vgg": "VGG", "densenet": "DenseNet"}
_MOST_COLUMNS = 3  # where nothing tells rows and columns
MOST_SURFACES = 24
WITH, WITHOUT = "with shortcuts", "without shortcuts"

Place = tuple[int, int]  # row, column


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Named rows and columns; a surface in some of the places."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[Place, ResultItem]


@dataclass(frozen=True)
class _Kind:
    family: str
    depth: int
    width: int
    shortcuts: bool

    @property
    def column(self) -> tuple[str, int, int]:
        return self.family, self.depth, self.width

    @property
    def name(self) -> str:
        width = f"-{self.width}" if self.width else ""
        return f"{_FAMILIES.get(self.family, self.family)}-{self.depth}{width}"


def paper_layout(items: Sequence[ResultItem], document: Document) -> Layout:
    """The layout of Figures 1 and 2: what the architectures are called decides; else rows of three, in order.

    Raises
    ------
    InvalidRequest
        If there are no surfaces, or more than can be told apart on a page.
    """
    surfaces = [item for item in items if isinstance(item.result, Surface)]
    if not surfaces:
        raise InvalidRequest("There are no surfaces to compare. Compute or open some first.")
    if len(surfaces) > MOST_SURFACES:
        raise InvalidRequest(f"{len(surfaces)} surfaces do not fit on a page. Choose at most {MOST_SURFACES}.")
    kinds = [_kind(document.items.get(item.network_id)) for item in surfaces]
    known = [kind for kind in kinds if kind is not None]
    one_each = len({(kind.column, kind.shortcuts) for kind in known}) == len(surfaces)
    if len(known) < len(surfaces) or not one_each or len(surfaces) < 2:
        return plain_layout(surfaces)
    rows = [words for flag, words in ((True, WITH), (False, WITHOUT)) if any(k.shortcuts == flag for k in known)]
    columns = sorted({kind.column for kind in known})
    names = {kind.column: kind.name for kind in known}
    cells = {
        (rows.index(WITH if kind.shortcuts else WITHOUT), columns.index(kind.column)): item
        for kind, item in zip(known, surfaces, strict=True)
    }
    return Layout(rows=tuple(rows), columns=tuple(names[column] for column in columns), cells=cells)


def plain_layout(items: Sequence[ResultItem], columns: int = _MOST_COLUMNS) -> Layout:
    """Surfaces in reading order, so many side by side; each has its own name."""
    wide = max(1, min(columns, len(items)))
    cells = {divmod(place, wide): item for place, item in enumerate(items)}
    return Layout(rows=("",) * -(-len(items) // wide), columns=("",) * wide, cells=cells)


def _kind(network: object) -> _Kind | None:
    if not isinstance(network, NetworkItem):
        return None
    found = _ARCHITECTURE.fullmatch(network.card.architecture or "")
    if found is None:
        return None
    return _Kind(found[1], int(found[2]), int(found[3] or 0), shortcuts=found[4] is None)
