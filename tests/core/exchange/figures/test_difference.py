"""The map of a difference in a report."""

from dataclasses import replace

from matplotlib.figure import Figure

from core.exchange.figures.difference import difference_figure
from tests.documents import certified_surface


def bar_words(figure: Figure) -> list[str]:
    """What stands beside the colours."""
    figure.canvas.draw()
    return [label.get_text() for label in figure.axes[1].get_yticklabels()]


def test_small_differences_are_told_from_none_beside_the_colours() -> None:
    plain = certified_surface()
    for share in (1e-6, 1e-2, 1.0):
        other = replace(plain, loss=plain.loss * (1 + share))
        words = bar_words(difference_figure(plain, other, ("A", "B")))
        assert len(set(words)) == len(words), words
        assert "×1" in words
