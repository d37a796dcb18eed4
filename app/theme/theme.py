"""Which theme is on: light, dark, or what the system says, also when it changes its mind."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from app.state.settings import ThemeChoice
from app.theme.colours import DARK, LIGHT, Colours
from app.theme.palette import palette_of
from app.theme.style_sheet import style_sheet


class Theme(QObject):
    """Dresses the application in Fusion with our own palette, which looks the same on every platform."""

    changed = Signal()  # colours are others now: icons and plots must be made again

    def __init__(self, application: QApplication, choice: ThemeChoice = "system") -> None:
        super().__init__(application)
        self._application = application
        self._choice: ThemeChoice = choice
        self._colours: Colours | None = None
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self.choose(choice)

    @property
    def choice(self) -> ThemeChoice:
        """What the user chose."""
        return self._choice

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are on."""
        return self.colours is DARK

    @property
    def colours(self) -> Colours:
        """The colours that are on."""
        return self._colours or LIGHT

    def choose(self, choice: ThemeChoice) -> None:
        """Put on the light or the dark theme, or follow the system."""
        self._choice = choice
        # Also tells the system, which colours the title bar accordingly; Unknown takes our word back.
        wish = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "system": Qt.ColorScheme.Unknown}
        self._application.styleHints().setColorScheme(wish[choice])
        if choice == "system":
            self._put_on(_of_scheme(self._application.styleHints().colorScheme()))
        else:
            self._put_on(DARK if choice == "dark" else LIGHT)

    def _put_on(self, colours: Colours) -> None:
        if colours is not self._colours:
            self._colours = colours
            self._application.setPalette(palette_of(colours))
            self._application.setStyleSheet(style_sheet(colours))
            self.changed.emit()

    def _on_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        if self._choice == "system":
            self._put_on(_of_scheme(scheme))


def _of_scheme(scheme: Qt.ColorScheme) -> Colours:
    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT
