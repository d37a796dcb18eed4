"""What can be shown and done beside the bars of a spectrum, in a line above them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from app.actions.spectrum import ranks_across, ranks_along
from app.actions.wording import short
from app.views.made import named, with_icon
from app.views.pages.menu_of_test_sets import ButtonWithMenu, MenuOfTestSets
from core.session.document import DatasetItem
from core.spectrum.spectrum import Spectrum

ROOMY = 88  # widths of a letter that the header needs with words
_DIGITS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
MOST_NAMED = 3  # eigenvectors that a button names


class SpectrumHeader(QWidget):
    """Buttons; whoever owns them does what they ask for."""

    everything_wanted = Signal()  # density, trace and layers of a spectrum that has none
    along_wanted = Signal()
    plane_wanted = Signal()

    def __init__(
        self, item_id: str, test_sets: Callable[[], Sequence[DatasetItem]] = tuple, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._shown: tuple[Spectrum | None, tuple[int, ...]] = None, ()
        self.density = self._switch("&Density", f"spectrum.density.{item_id}", "The density of all eigenvalues")
        self.layers = self._switch("La&yers", f"spectrum.layers.{item_id}", "The curvature of every layer by itself")
        self.everything = self._button(
            "Density and la&yers",
            f"spectrum.everything.{item_id}",
            "compute",
            "Add density, trace and the curvature of every layer to these eigenvectors",
        )
        self.along = self._button("Loss along v", f"spectrum.along.{item_id}", "curve", "")
        self.plane = self._button("Surface over v", f"spectrum.plane.{item_id}", "surface", "")
        self.test_sets = MenuOfTestSets(f"spectrum.test.{item_id}", test_sets, self)
        self.test_sets.chosen.connect(lambda: self.follow(*self._shown))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for button in (self.density, self.layers, self.everything, self.along, self.plane):
            row.addWidget(button)
        self.everything.clicked.connect(self.everything_wanted)
        self.along.clicked.connect(self.along_wanted)
        self.plane.clicked.connect(self.plane_wanted)
        self.follow(None, ())

    def follow(self, spectrum: Spectrum | None, chosen: tuple[int, ...]) -> None:
        """Offer what this spectrum has, and name the eigenvectors that are meant."""
        self._shown = spectrum, chosen
        complete = spectrum is not None and spectrum.status == "complete"
        self.density.setVisible(spectrum is not None and spectrum.density is not None)
        self.layers.setVisible(spectrum is not None and bool(spectrum.layer_table))
        self.everything.setVisible(
            spectrum is not None and complete and spectrum.density is None and not spectrum.layer_table
        )
        count = spectrum.vectors if spectrum is not None and complete else 0
        self.along.setVisible(count > 0)
        self.plane.setVisible(count > 1)
        if spectrum is None or not count:
            return
        along = ranks_along(chosen, spectrum)
        self.along.setText(f"Loss alon&g {_names(along)}")
        self._offer_test_sets()
        self.along.setToolTip(
            f"Compute the loss along ±{_names(along, len(along))}, on the training data and {self._test_words()}. "
            "Click bars with Ctrl to choose other eigenvectors"
        )
        if count > 1:
            across = ranks_across(chosen, spectrum)
            self.plane.setText(f"S&urface over {_names(across)}")
            self.plane.setToolTip(
                f"Compute a loss surface with {_names(across)} as its axes. Click two bars with Ctrl to choose others"
            )

    def _offer_test_sets(self) -> None:
        """An arrow beside the button, where there is anything to choose."""
        if self.test_sets.has_choice() and self.along.menu() is not self.test_sets:
            self.along.setMenu(self.test_sets)
            self.along.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)

    def _test_words(self) -> str:
        if (test := self.test_sets.test_set) is not None:
            return f"on the test set “{short(test.name)}”; the arrow has others, or none"
        there = self.test_sets.has_choice()
        return "on no test set; the arrow has some" if there else "on a test set if the session has one"

    def set_room(self, width: int) -> None:
        """A narrow page shows icons without words."""
        # By the application's font: this widget has its own only once it is shown.
        roomy = width > ROOMY * QFontMetrics(QApplication.font()).averageCharWidth()
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if roomy else Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in (self.everything, self.along, self.plane):
            button.setToolButtonStyle(style)

    def _switch(self, text: str, name: str, tip: str) -> QToolButton:
        button = self._plain(text, name, f"Show or hide this: {tip[:1].lower()}{tip[1:]}")
        button.setCheckable(True)
        button.setChecked(True)
        return button

    def _button(self, text: str, name: str, icon: str, tip: str) -> QToolButton:
        button = with_icon(self._plain(text, name, tip), icon)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button

    def _plain(self, text: str, name: str, tip: str) -> QToolButton:
        button = named(ButtonWithMenu(), name)
        button.setText(text)
        button.setToolTip(tip)
        button.setAutoRaise(True)
        button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        return button


def _names(ranks: tuple[int, ...], most: int = MOST_NAMED) -> str:
    """``v₁, v₂, v₁₂``; only the first ones where there are many."""
    names = ", ".join(f"v{str(rank).translate(_DIGITS)}" for rank in ranks[:most])
    return names if len(ranks) <= most else f"{names}, …"
