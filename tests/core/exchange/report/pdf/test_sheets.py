"""Figures on a page: whole, in their place, and as they are exported alone."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from core.exchange.figures.rendering import write_figure
from core.exchange.report.blocks import Picture, Report, Section
from core.exchange.report.pdf.document import write_pdf
from core.exchange.report.pdf.paper import BOTTOM, HEIGHT, LEFT, ROOM, TOP
from core.job import JobContext
from core.session.atomic import replace_file
from tests.pdf_text import PdfText

_CORNER = re.compile(rb"([-\d.]+) ([-\d.]+) [ml]\n")


def drawn(height: float) -> Figure:
    figure = Figure(figsize=(7.2, height))
    figure.add_axes((0.1, 0.05, 0.85, 0.9)).plot([0, 1, 2], [0, 3, 1])
    return figure


def corners(content: bytes) -> set[tuple[bytes, bytes]]:
    return set(_CORNER.findall(content.replace(b"\n", b" ").replace(b" l ", b" l\n").replace(b" m ", b" m\n")))


@pytest.mark.parametrize("height", [3.0, 24.0])
def test_a_figure_is_whole_on_its_page_however_high_it_is(height: float, tmp_path: Path) -> None:
    section = Section(anchor="a", title="One", blocks=(Picture(draw=lambda: drawn(height), words="A line"),))
    report = Report(
        title="T", made_utc="2026-11-28T13:33:08+00:00", version="1", lead="", facts=[], sections=(section,)
    )
    replace_file(tmp_path / "r.pdf", lambda file: write_pdf(report, file, JobContext()))
    alone = BytesIO()
    write_figure(drawn(height), alone, "pdf")
    (tmp_path / "alone.pdf").write_bytes(alone.getvalue())
    wanted = corners(PdfText(tmp_path / "alone.pdf").content(0))
    content = PdfText(tmp_path / "r.pdf").content(1)
    assert len(wanted) > 10
    assert wanted <= corners(content)
    matrix = re.search(rb"([\d.]+) 0 0 ([\d.]+) ([\d.]+) ([\d.]+) cm", content)
    assert matrix is not None
    scale, same, left, bottom = (float(number) for number in matrix.groups())
    assert scale == same
    assert left >= LEFT - 0.01
    assert left + scale * 72 * 7.2 <= LEFT + ROOM + 0.01
    assert HEIGHT - bottom <= BOTTOM + 0.01
    assert HEIGHT - bottom - scale * 72 * height >= TOP - 0.01
