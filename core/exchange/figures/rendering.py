"""Matplotlib without global state: a house style that a user's settings cannot change, and files in three formats.

Figures are drawn with `Figure` and the Agg canvas; pyplot, which keeps figures for the whole process, is never used.
Matplotlib's settings are global all the same, so figures are made one at a time.
"""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import BinaryIO

from matplotlib import font_manager, rc_context, style
from matplotlib.figure import Figure

from core.errors import CorrieError, InvalidRequest

FORMATS = ("png", "svg", "pdf")
DOTS_PER_INCH = 200

# Fonts that have what DejaVu Sans, which matplotlib brings along, lacks: names may be written in any script.
_OTHER_SCRIPTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Microsoft YaHei",
    "Yu Gothic",
    "Malgun Gothic",
    "PingFang SC",
    "Hiragino Sans",
    "Arial Unicode MS",
    "WenQuanYi Zen Hei",
)
_STYLE = {
    "font.size": 9,
    "axes.edgecolor": "#5A5F66",
    "axes.labelcolor": "#24272B",
    "axes.labelsize": 9.5,
    "axes.linewidth": 0.8,
    "axes.unicode_minus": True,
    "text.color": "#24272B",
    "text.parse_math": False,  # a unit may be a dollar
    "xtick.color": "#5A5F66",
    "ytick.color": "#5A5F66",
    "xtick.labelcolor": "#24272B",
    "ytick.labelcolor": "#24272B",
    "grid.color": "#D5D8DC",
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.6,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "pdf.fonttype": 42,  # text stays text, in an embedded font
    "svg.hashsalt": "corrie",  # the same figure gives the same file
}
_LOCK = threading.RLock()


@contextmanager
def house_style() -> Iterator[None]:
    """Settings under which figures are made and written, whatever a user's matplotlibrc says."""
    with _LOCK, style.context({**_STYLE, "font.sans-serif": _fonts()}, after_reset=True), warnings.catch_warnings():
        # A script that no font of this machine has is drawn as boxes; that is no reason to write no figure.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support .* natively")
        yield


def write_figure(
    figure: Figure,
    file: BinaryIO,
    kind: str,
    *,
    text_as_paths: bool = False,
    dots_per_inch: int = DOTS_PER_INCH,
) -> None:
    """Write a figure as PNG, SVG or PDF. The same figure gives the same bytes.

    Parameters
    ----------
    kind : str
        One of `FORMATS`.
    text_as_paths : bool
        For SVG: shapes look the same everywhere; text can be searched, edited and translated.
    dots_per_inch : int
        Of PNG, and of what SVG and PDF hold as pixels.

    Raises
    ------
    InvalidRequest
        If the numbers are too far apart for matplotlib.
    """
    metadata = {
        "png": {"Software": "Corrie"},
        "svg": {"Creator": "Corrie", "Date": None},
        "pdf": {"Creator": "Corrie", "CreationDate": None},
    }
    with house_style(), rc_context({"svg.fonttype": "path" if text_as_paths else "none"}), drawing():
        figure.savefig(file, format=kind, dpi=dots_per_inch, metadata=metadata[kind])


@contextmanager
def drawing() -> Iterator[None]:
    """What matplotlib says of numbers that it cannot draw becomes a sentence.

    Raises
    ------
    InvalidRequest
        If the numbers are too far apart: ticks at infinity, text far outside of the picture.
    """
    try:
        yield
    except CorrieError:
        raise
    except (ArithmeticError, RuntimeError, ValueError) as error:
        raise InvalidRequest(
            f"The figure cannot be drawn: its numbers are too far apart for a picture ({error}). Write them to a .csv."
        ) from error


@cache
def _fonts() -> list[str]:
    installed = {entry.name for entry in font_manager.fontManager.ttflist}
    return ["DejaVu Sans", *(name for name in _OTHER_SCRIPTS if name in installed)]
