"""A bar that is set often without the whole window being drawn for it."""

from PySide6.QtWidgets import QProgressBar

STEPS = 1000  # finer than any bar is wide; counts of bytes do not fit the 32 bits that Qt has


class CalmProgressBar(QProgressBar):
    """Drawn with everything else that has changed.

    Qt's own bar draws itself at once whenever it is set. In a window with a surface in it, which is composed anew for
    that, three such bars take more of a processor than the analysis that they tell about.
    """

    def show_progress(self, done: int, total: int) -> None:
        """Fill the bar to that share; without a total it only says that something goes on."""
        end = STEPS if total > 0 else 0
        value = min(STEPS, STEPS * done // total) if total > 0 else 0
        if (self.minimum(), self.maximum(), self.value()) == (0, end, value):
            return
        self.setUpdatesEnabled(False)  # nothing is drawn between here and there
        self.setRange(0, end)
        self.setValue(value)
        self.setUpdatesEnabled(True)
