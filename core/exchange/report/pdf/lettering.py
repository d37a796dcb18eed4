"""Letters on paper: the styles of a report, how wide words are in them, and where lines break."""

from dataclasses import dataclass
from functools import cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from core.exchange.shown_names import printable

INK, MUTED, WARNING, ASSURED = "#24272B", "#5A5F66", "#9C4400", "#00684A"
_MEASURED_AT = 100.0  # points: widths are proportional to the size


@dataclass(frozen=True)
class Style:
    """A size in points, a weight and a colour."""

    size: float
    bold: bool = False
    colour: str = INK
    leading: float = 1.42  # height of a line, in sizes

    @property
    def line(self) -> float:
        """Height of a line, in points."""
        return self.size * self.leading

    @property
    def font(self) -> FontProperties:
        """What matplotlib sets it in: the family of the house style, with its other scripts."""
        return _font(self.size, bold=self.bold)


TITLE = Style(20, bold=True, leading=1.25)
HEADING = Style(13, bold=True, leading=1.3)
CAPTION = Style(8.6, bold=True)
BODY = Style(8.4)
LEAD = Style(8.0, colour=MUTED)
PARTIAL = Style(8.4, bold=True, colour=WARNING)
CELL = Style(7.5)
NAME = Style(7.5, colour=MUTED)
HEAD = Style(7.5, bold=True)
RUNNING = Style(7.2, colour=MUTED)
LINK = Style(9.0, leading=1.6)
CERTAIN = {
    "proved": Style(7.5, bold=True, colour=ASSURED),
    "computed": HEAD,
    "sampled": HEAD,
    "unknown": Style(7.5, bold=True, colour=WARNING),
}


def width(text: str, style: Style) -> float:
    """Of a line, in points; kerning, which only ever draws letters together, is left out."""
    return style.size * sum(_advance(character, bold=style.bold) for character in text)


def broken(text: str, style: Style, room: float) -> list[str]:
    """Lines that are at most so wide, in points. Words that are wider alone are broken inside."""
    lines = []
    for paragraph in clean(text).split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if width(longer, style) <= room:
                line = longer
                continue
            if line:
                lines.append(line)
            *whole, line = _pieces(word, style, room)
            lines += whole
        lines.append(line)
    return lines


def fitting(text: str, style: Style, room: float) -> str:
    """One line, cut off with an ellipsis where there is no room for all of it."""
    line = " ".join(clean(text).split("\n"))
    if width(line, style) <= room:
        return line
    left, kept = room - width("…", style), 0
    for character in line:
        left -= width(character, style)
        if left < 0:
            break
        kept += 1
    return f"{line[:kept]}…"


def clean(text: str) -> str:
    """Without characters that no paper shows."""
    return printable(text.replace("\t", " "))


def _pieces(word: str, style: Style, room: float) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and width(pieces[-1] + character, style) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces


@cache
def _font(size: float, *, bold: bool) -> FontProperties:
    return FontProperties(family="sans-serif", size=size, weight="bold" if bold else "normal")


@cache
def _advance(character: str, *, bold: bool) -> float:
    """How far a character moves on, in sizes: between two others, because its own extent leaves out what is white."""
    font = _font(_MEASURED_AT, bold=bold)
    both, between = (
        text_to_path.get_text_width_height_descent(text, font, ismath=False)[0] for text in ("||", f"|{character}|")
    )
    return max(0.0, float(between) - float(both)) / _MEASURED_AT
