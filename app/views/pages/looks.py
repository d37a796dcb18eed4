"""How a page is looked at besides what it tells itself: zoomed plots, tabs in front, and how its room is shared."""

from PySide6.QtWidgets import QSplitter, QTabWidget, QWidget

from app.render.plot.planes.map_plot import MapPlot
from app.render.plot.zoom import restore_zooms, zooms_of
from app.render.pointing import Place

WIDEST = 20_000  # pixels
FARTHEST = 1e100  # coordinate of a crosshair that a session may bring


def look_of(page: QWidget) -> dict[str, object]:
    """As plain values, without what is not there."""
    splits = {str(number): one.sizes() for number, one in enumerate(page.findChildren(QSplitter)) if any(one.sizes())}
    read = {str(n): [at.x, at.y] for n, one in enumerate(page.findChildren(MapPlot)) if (at := one.pointed_anchor)}
    parts: dict[str, object] = {
        "read": read,
        "zooms": zooms_of(page),
        "tabs": {str(n): tabs.tabText(tabs.currentIndex()) for n, tabs in enumerate(page.findChildren(QTabWidget))},
        "splits": splits,
    }
    return {name: part for name, part in parts.items() if part}


def restore_look(page: QWidget, look: object) -> None:
    """The inverse of `look_of`; what is missing or makes no sense stays as it is."""
    if not isinstance(look, dict):
        return
    _restore_tabs(page, look.get("tabs"))
    restore_zooms(page, look.get("zooms"))
    read = look.get("read")
    for number, one in enumerate(page.findChildren(MapPlot)):
        if isinstance(read, dict) and (place := place_in(read.get(str(number)))) is not None:
            one.point_at(place)
    splits = look.get("splits")
    for number, splitter in enumerate(page.findChildren(QSplitter)):
        if isinstance(splits, dict):
            share(splitter, splits.get(str(number)))


def share(splitter: QSplitter, sizes: object) -> None:
    """Give the parts of a splitter these sizes, as a hand would, if they can be sizes of its parts."""
    if not isinstance(sizes, list | tuple) or len(sizes) != splitter.count() or sizes == splitter.sizes():
        return
    if all(type(size) is int and 0 <= size <= WIDEST for size in sizes) and sum(size > 0 for size in sizes) > 1:
        splitter.setSizes(list(sizes))
        splitter.splitterMoved.emit(sizes[0], 1)  # whoever remembers what a hand chose remembers this


def place_in(kept: object) -> Place | None:
    """A point of a plane from a session; None for anything else."""
    if not isinstance(kept, list | tuple) or len(kept) != 2:
        return None
    if not all(type(number) in (int, float) and abs(number) < FARTHEST for number in kept):
        return None
    return float(kept[0]), float(kept[1])


def _restore_tabs(page: QWidget, fronts: object) -> None:
    if not isinstance(fronts, dict):
        return
    for number, tabs in enumerate(page.findChildren(QTabWidget)):
        wanted = fronts.get(str(number))
        for index in range(tabs.count()):
            if tabs.tabText(index) == wanted and tabs.isTabVisible(index):
                tabs.setCurrentIndex(index)
