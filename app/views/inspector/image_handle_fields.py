"""One handle of an image in numbers: what it does, how far it goes, and for how much of it a correction must hold."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, QSize, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel

from app.views.inspector.fields import ListField, NumberField, whole_number
from app.views.inspector.landscape.rows import Rows
from app.views.made import chooser, named
from core.corrections.requests.image_handles import ImageHandle, Kind
from core.errors import InvalidRequest

KINDS: dict[Kind, str] = {
    "towards": "towards another sample",
    "brightness": "brightness of a rectangle",
    "fade": "fading of a rectangle",
}
TIPS: dict[Kind, str] = {
    "towards": "The picture changes into that sample, from 0 (nothing) to 1 (all of the way)",
    "brightness": "All pixels of the rectangle become so much brighter or darker, in the units of the data",
    "fade": "The rectangle fades into its own mean colour, from 0 (nothing) to 1 (nothing can be seen in it)",
}
NAMES = ("First", "Second", "Third")
TITLES = ("F&irst handle", "Sec&ond handle", "&Third handle")  # their letters are no menu's
OPTIONAL, NONE = 2, "none"  # place of the handle that may be none
NONE_TIP = (
    "Along two handles all of the accepted region is drawn, exactly. Along three the nearest correction is searched, "
    "between a proved bound and the best found"
)
THUMBNAIL = 40  # pixels a side
STABLE = 0.02  # of all of the way
RANGE_TIP = (
    "From and to, such as 0, 0.5. Empty: all of the way; a brightness as far as the data have it. "
    "A deep network has many linear pieces: the shorter the ways, the sooner it is done"
)


class ImageHandleFields(QObject):
    """Makes the fields of one handle, and reads them. The third may be none."""

    changed = Signal()  # another direction is described
    touched = Signal(int)  # its place: somebody works on its rectangle

    def __init__(
        self,
        place: int,
        samples: int,
        size: QSize,
        picture: Callable[[int], tuple[QImage, str]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        name = f"image.handle.{place}"
        self.place, self._picture, self._span = place, picture, 1.0
        self.kind = chooser(f"{name}.kind")
        if place == OPTIONAL:
            self.kind.addItem("none", NONE)
        for kind, words in KINDS.items():
            self.kind.addItem(words, kind)
        self.towards = whole_number(f"{name}.row", 0, samples - 1, min(1, samples - 1), "Counted from 0")
        self.seen = named(QLabel(), f"{name}.seen")
        self.words = named(QLabel(), f"{name}.label")
        width, height = size.width(), size.height()
        starts = (width // 4, height // 4, max(1, width // 2), max(1, height // 2))
        ends = ((0, width - 1), (0, height - 1), (1, width), (1, height))
        fields = zip(("left", "top", "width", "height"), ends, starts, strict=True)
        self.sides = [
            whole_number(f"{name}.{side}", *limits, start, f"In pixels: {side}") for side, limits, start in fields
        ]
        self.stability = NumberField(f"{name}.stability", 0.0, 1e12, STABLE, step=0.01)
        self.range = ListField(f"{name}.range", "")
        self.range.setPlaceholderText("as far as it goes")
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.towards.valueChanged.connect(self.show_sample)
        for side in self.sides:
            side.valueChanged.connect(self._on_side)
        self.show_sample()

    @property
    def chosen(self) -> Kind | None:
        """What the handle does; None if there is none."""
        return next((kind for kind in KINDS if kind == self.kind.currentData()), None)

    @property
    def rectangle(self) -> QRect | None:
        """The pixels that change; None where no rectangle does."""
        return None if self.chosen in ("towards", None) else QRect(*(side.value() for side in self.sides))

    def set_rectangle(self, rectangle: QRect) -> None:
        """Enter what was drawn."""
        sides = rectangle.left(), rectangle.top(), rectangle.width(), rectangle.height()
        for field, value in zip(self.sides, sides, strict=True):
            field.setValue(value)

    def set_span(self, span: float) -> None:
        """How far apart dark and bright are in the data."""
        self._span = span

    def choose(self, kind: Kind) -> None:
        """Let the handle do that."""
        self.kind.setCurrentIndex(self.kind.findData(kind))

    def handle(self) -> ImageHandle:
        """What the fields describe."""
        kind = self.chosen
        if kind == "towards" or kind is None:
            return ImageHandle(kind="towards", row=self.towards.value())
        left, top, width, height = (side.value() for side in self.sides)
        return ImageHandle(kind=kind, rectangle=(left, top, width, height))

    def limits(self) -> tuple[float, float] | None:
        """From where to where it goes; None for all of the way. Raises `InvalidRequest` if it is not two numbers."""
        numbers = self.range.numbers()
        if not numbers:
            return None
        if len(numbers) != 2:
            raise InvalidRequest(f"{NAMES[self.place]} handle: a range is two numbers, such as 0, 0.5, or nothing.")
        return numbers[0], numbers[1]

    def add_to(self, rows: Rows) -> None:
        """Put the fields into a form."""
        rows.add(TITLES[self.place], self.kind, when=_always)
        rows.add("sample", self.towards, self.seen, self.words, when=lambda: self.chosen == "towards")
        rectangle = "Draw it in the picture above, or enter it here, in pixels"
        rows.add("left, top", *self.sides[:2], when=lambda: self.rectangle is not None, tip=rectangle)
        rows.add("width, height", *self.sides[2:], when=lambda: self.rectangle is not None, tip=rectangle)
        rows.add(
            "stable for ±", self.stability, when=self._used, tip="The correction must hold for so much more or less"
        )
        rows.add("goes from, to", self.range, when=self._used, more=True, tip=RANGE_TIP)
        self.kind.setToolTip(NONE_TIP if self.chosen is None else TIPS[self.chosen])

    def show_sample(self) -> None:
        """Show the other sample, and what it is."""
        image, words = self._picture(self.towards.value())
        if image.isNull():  # the samples are not read yet
            return
        longest = max(image.width(), image.height(), 1)
        size = (
            image.size() * max(1, THUMBNAIL // longest) if longest <= THUMBNAIL else image.size() * THUMBNAIL / longest
        )
        self.seen.setPixmap(QPixmap.fromImage(image.scaled(size)))
        self.seen.setAccessibleName(f"Sample {self.towards.value()}, {words}")
        self.words.setText(words)
        self.changed.emit()

    def _used(self) -> bool:
        return self.chosen is not None

    def _on_kind(self) -> None:
        """Half-widths are of another unit now."""
        unit = self._span if self.chosen == "brightness" else 1.0
        self.stability.setValue(float(f"{STABLE * unit:.2g}"))
        self.stability.setSingleStep(STABLE * unit / 2)
        self.kind.setToolTip(NONE_TIP if self.chosen is None else TIPS[self.chosen])
        self.touched.emit(self.place)
        self.changed.emit()

    def _on_side(self) -> None:
        self.touched.emit(self.place)
        self.changed.emit()


def _always() -> bool:
    return True
