"""Asks for the correction of an image: which sample, along which handles, how stable."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.views.inspector.correction_form import MEANINGS
from app.views.inspector.fields import whole_number
from app.views.inspector.form import RequestForm
from app.views.inspector.image_handle_fields import NAMES, ImageHandleFields
from app.views.inspector.landscape.rows import Rows
from app.views.inspector.sample_canvas import SampleCanvas
from app.views.inspector.section import FoldButton
from app.views.inspector.wanted_choice import Said
from app.views.made import chooser, named, text_label
from app.views.networks.sample_images import Brightness, brightness_of, picture_of_sample
from core.corrections.records.correction import CorrectionRequest, Norm
from core.corrections.records.joint import JointRequest
from core.corrections.requests.image_handles import image_joint_request, image_request, nearest_image
from core.data.dataset import Dataset
from core.errors import CorrieError, InvalidRequest
from core.exchange.words import NORMS
from core.session.document import DatasetItem

LABELLED = "what it is labelled"
AS_LABELLED = -1
LOOKED_AT = 1000  # samples, for the brightness that is drawn black and white
AT_ONCE = 2000  # samples that are judged as soon as the form is seen
DRAW = "Draw the rectangle here with the mouse."


class ImageCorrectionForm(RequestForm):
    """For images of classes. Samples that the network gets wrong can be walked once its verdicts are known.

    The samples are read when the form is seen for the first time: there may be many of them in their file.

    Parameters
    ----------
    read : callable
        Gives the samples; may raise `CorrieError`.
    shape : channels, height, width
        As the network takes images.
    classes : of str
        As the network's card names them; () where it does not.
    """

    verdicts_wanted = Signal()

    def __init__(
        self,
        item: DatasetItem,
        read: Callable[[], Dataset],
        shape: tuple[int, int, int],
        classes: tuple[str, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Compute correction", "correction", parent)
        self._read, self._shape = read, shape
        self._data: Dataset | None = None
        self._labels, self._classes = item.classes, classes or item.classes
        self._said: npt.NDArray[np.int64] | None = None
        self._own = False  # whether the sample was chosen by hand
        self._looking = False  # whether a wrong one is gone to as soon as the verdicts are there
        self._light = Brightness(low=0.0, high=1.0)
        self.row = whole_number("image.row", 0, item.samples - 1, 0, "Counted from 0")
        self.next = named(QPushButton("Next wrong"), "image.next")
        self.canvas = SampleCanvas("image.canvas")
        self.verdict = text_label(name="image.verdict")
        self.drawing = text_label(DRAW, "image.drawing")
        self.wanted = chooser("image.wanted")
        self.wanted.addItem(LABELLED, AS_LABELLED)
        self._offer_classes()
        size = QSize(shape[2], shape[1])
        self.handles = [ImageHandleFields(place, item.samples, size, self._seen, self) for place in (0, 1, 2)]
        self.handles[1].choose("fade")
        self._in_hand = 1
        self.norm = chooser("image.norm")
        for norm in MEANINGS:
            self.norm.addItem(NORMS[norm], norm)
        self.seconds = whole_number("image.seconds", 1, 86_400, 30)
        self.seconds.setSuffix(" s")
        self.more = FoldButton("More", "image.more", unfolded=False)
        self.more.setToolTip("What most people leave as it is")
        self._rows = Rows(self.fields, self.more.isChecked)
        self._lay()
        self._connect()
        self._describe()

    def look(self) -> None:
        """Read the samples, and ask for the verdicts on them if they are few; somebody sees the form."""
        if self._data is not None:
            return
        try:
            data = self._read()
        except CorrieError as error:
            self.complain(str(error))
            return
        self._data, self._light = data, brightness_of(data.x[:LOOKED_AT])
        if not self._classes:
            self._classes = tuple(f"class {index}" for index in range(int(data.y.max()) + 1))
            self._offer_classes()
        own = self._own
        for handle in self.handles:
            handle.set_span(self._light.high - self._light.low)
            handle.show_sample()
        self._show_sample()
        if not own:
            self._suggest()
        if len(data) <= AT_ONCE:
            self.verdicts_wanted.emit()

    def set_verdicts(self, said: Said) -> None:
        """Tell what the network says of every sample; goes to the first wrong one unless a sample was chosen."""
        looking, self._looking = self._looking, False
        self._said = said.astype(np.int64)
        if self._data is not None and (looking or not (self._own or self._missed()[self.row.value()])):
            self._go_to_next()
        elif not self._own:
            self._suggest()
        self._describe()

    def request(self) -> CorrectionRequest | JointRequest:
        self.look()
        row, wanted = self.row.value(), self._wanted()
        if self._data is None:
            raise InvalidRequest("The samples could not be read. Open the data again.")
        if self._said is not None and int(self._said[row]) == wanted:
            raise InvalidRequest(
                f"Sample {row} is judged {self._name(wanted)} already. Choose another sample, or want another class."
            )
        used = self._used
        handles, limits = [handle.handle() for handle in used], [handle.limits() for handle in used]
        stability = [handle.stability.value() for handle in used]
        ranges = {place: ends for place, ends in enumerate(limits) if ends is not None}
        asked = self._data, row, self._shape, handles, (wanted,)
        norm: Norm = self.norm.currentData()
        if len(used) == 2:
            return image_request(*asked, stability=stability, ranges=ranges, norm=norm)
        seconds = float(self.seconds.value())
        return image_joint_request(*asked, stability=stability, ranges=ranges, norm=norm, seconds=seconds)

    def entered(self) -> None:
        """What was entered before was chosen by hand."""
        first = self.row.value() == 0 and self.wanted.currentIndex() == 0 and self.handles[0].towards.value() <= 1
        self._own = not first
        self._describe()

    def _lay(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.row, 1)
        row.addWidget(self.next)
        self.add_row("Sa&mple", row, self.row)
        picture, words = QHBoxLayout(), QVBoxLayout()
        words.addWidget(self.verdict)
        words.addWidget(self.drawing)
        words.addStretch(1)
        picture.addWidget(self.canvas, 0, Qt.AlignmentFlag.AlignTop)
        picture.addLayout(words, 1)
        self.fields.addRow(picture)
        self.fields.addRow("Wante&d", self.wanted)
        for handle in self.handles:
            handle.add_to(self._rows)
        norms = "; ".join(f"{NORMS[norm]}: {meaning}" for norm, meaning in MEANINGS.items())
        self._rows.add("&Norm", self.norm, when=lambda: True, more=True, tip=f"How far away a change is. {norms}")
        explained = "What is open then stays open, and is said so"
        self._rows.add("&Search for", self.seconds, when=lambda: len(self._used) > 2, more=True, tip=explained)
        self.fields.addRow(self.more)
        self._rows.refresh()

    def _connect(self) -> None:
        self.row.valueChanged.connect(self._on_sample)
        self.next.clicked.connect(self._go_to_next)
        self.wanted.currentIndexChanged.connect(self._on_wanted)
        self.more.toggled.connect(self._rows.refresh)
        for handle in self.handles:
            handle.changed.connect(self._on_handle)
            handle.touched.connect(self._take)
        self.canvas.drawn.connect(self._on_drawn)
        self.canvas.taken.connect(self._take)

    # ---- what is known of samples

    @property
    def _used(self) -> list[ImageHandleFields]:
        return [handle for handle in self.handles if handle.chosen is not None]

    def _name(self, index: int) -> str:
        return self._classes[index] if 0 <= index < len(self._classes) else f"class {index}"

    def _label_words(self, row: int) -> str:
        """``labelled 4``; "" before the samples are read."""
        if self._data is None:
            return ""
        label = int(self._data.y[row])
        return f"labelled {self._labels[label] if 0 <= label < len(self._labels) else self._name(label)}"

    def _seen(self, row: int) -> tuple[QImage, str]:
        """A sample as a picture, and its label in words."""
        if self._data is None:
            return QImage(), ""
        return picture_of_sample(self._data.x[row], self._light), self._label_words(row)

    def _wanted(self) -> int:
        chosen = int(self.wanted.currentData())
        if chosen != AS_LABELLED or self._data is None:
            return chosen
        return int(self._data.y[self.row.value()])

    def _missed(self) -> npt.NDArray[np.bool_]:
        """(n,), which samples are not judged as is wanted; none before that is known."""
        chosen = int(self.wanted.currentData())
        if self._said is None or self._data is None:
            return np.zeros(self.row.maximum() + 1, dtype=bool)
        missed: npt.NDArray[np.bool_] = self._said != (self._data.y if chosen == AS_LABELLED else chosen)
        return missed

    def _offer_classes(self) -> None:
        for index, name in enumerate(self._classes):
            self.wanted.addItem(name, index)

    # ---- what happens

    def _go_to_next(self) -> None:
        if self._said is None:
            self._looking = True
            self.verdicts_wanted.emit()
            self._describe()
            return
        missed = np.flatnonzero(self._missed())
        if len(missed):
            beyond = missed[missed > self.row.value()]
            self.row.setValue(int(beyond[0] if len(beyond) else missed[0]))

    def _on_sample(self) -> None:
        self._own = True
        self._suggest()
        self._show_sample()

    def _show_sample(self) -> None:
        row = self.row.value()
        self.canvas.set_sample(self._seen(row)[0], f"Sample {row}, {self._label_words(row)}")
        self._describe()

    def _on_wanted(self) -> None:
        self.next.setText("Next wrong" if self.wanted.currentData() == AS_LABELLED else "Next other")
        self._suggest()
        self._describe()

    def _suggest(self) -> None:
        """Another sample is offered with the sample: the nearest one that is what is wanted."""
        if self._data is None:
            return
        found = nearest_image(self._data, self.row.value(), self._wanted(), self._said)
        if found is not None:
            self.handles[0].towards.setValue(found)

    def _on_handle(self) -> None:
        self._rows.refresh()
        self._describe()

    def _take(self, place: int) -> None:
        self._in_hand = place
        self._show_rectangles()

    def _on_drawn(self, place: int, rectangle: QRect) -> None:
        self.handles[place].set_rectangle(rectangle)

    def _show_rectangles(self) -> None:
        shown = {one.place: rectangle for one in self.handles if (rectangle := one.rectangle) is not None}
        if self._in_hand not in shown:
            self._in_hand = next(iter(shown), self._in_hand)
        self.canvas.set_rectangles(shown, self._in_hand if shown else None)
        self.drawing.setVisible(bool(shown))
        which = NAMES[self._in_hand].lower()
        self.drawing.setText(
            DRAW if len(shown) < 2 else f"{DRAW[:-1]}: that of the {which} handle. A click takes another."
        )

    def _describe(self) -> None:
        self.complain("")
        self._show_rectangles()
        row = self.row.value()
        words = self._label_words(row)
        self.next.setEnabled(not self._looking)
        if self._said is not None:
            missed = self._missed()
            self.next.setEnabled(bool(missed.any()))
            words = f"judged {self._name(int(self._said[row]))}, {words}"
            if not missed[row]:
                words += ": nothing to correct"
        self.verdict.setText(words)
