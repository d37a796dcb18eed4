"""A report as one HTML page that needs nothing else: for a review, for the file, for the printer."""

import base64
import io
from collections.abc import Sequence
from html import escape

from core.errors import InvalidRequest
from core.exchange.figures.rendering import drawing, write_figure
from core.exchange.report.blocks import (
    CERTAIN_HEAD,
    Block,
    ColumnTable,
    Facts,
    FactTable,
    Listing,
    Picture,
    Report,
    Section,
    Words,
)
from core.exchange.report.composing import composed
from core.exchange.shown_names import printable
from core.job import JobContext
from core.session.document import Document

_UNUSED = JobContext()
_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: #24272b; max-width: 52rem;
       margin: 2.5rem auto; padding: 0 1.2rem; }
h1 { font-size: 1.7rem; margin-bottom: .2rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin-top: 2.6rem; border-bottom: 1px solid #cfd3d8; padding-bottom: .25rem;
     overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin-bottom: .3rem; }
p.lead { color: #5a5f66; margin-top: 0; } figure { margin: 1rem 0; } figure img { width: 100%; height: auto; }
div.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .4rem 0 1rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .22rem .7rem .22rem 0; border-bottom: 1px solid #e6e8eb; }
th[scope=row] { width: 13rem; font-weight: 500; color: #5a5f66; } td { overflow-wrap: anywhere; }
li { margin: .15rem 0; }
.partial { color: #9c4400; font-weight: 600; }
td.proved { color: #00684a; font-weight: 600; } td.unknown { color: #9c4400; font-weight: 600; }
td.computed, td.sampled { font-weight: 600; }
@page { size: A4; margin: 18mm; }
@media print { body { margin: 0; max-width: none; font-size: 10pt; } section { break-inside: auto; }
  figure, tr { break-inside: avoid; } h2, h3, caption { break-after: avoid; } thead { display: table-header-group; }
  section.result { break-before: page; } }
"""


def report_html(document: Document, *, title: str = "Session", wanted: Sequence[str] = ()) -> str:
    """The page of a whole session, or of some items of it."""
    return html_of(composed(document, title=title, wanted=wanted))


def html_of(report: Report, job: JobContext = _UNUSED) -> str:
    """The page: contents, then every section. Every text is escaped; the page loads nothing and runs nothing.

    Raises
    ------
    Cancelled
    """
    drawn = _Drawn(job, len(report.pictures))
    sections = "\n".join(_section(section, drawn) for section in report.sections)
    contents = "\n".join(f'<li><a href="#{one.anchor}">{_text(one.title)}</a></li>' for one in report.sections)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{_text(report.title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<header>
<h1>{_text(report.title)}</h1>
<p class="lead">{_text(report.lead)}</p>
{_facts("Session", report.facts)}</header>
<nav aria-label="Contents"><h2>Contents</h2>
<ol>
{contents}
</ol></nav>
<main>
{sections}
</main>
</body>
</html>
"""


class _Drawn:
    """Draws figures one after the other, and tells the job of each."""

    def __init__(self, job: JobContext, total: int) -> None:
        self._job, self._total, self._done = job, total, 0

    def image(self, picture: Picture) -> str:
        """The figure as an image of its own: names inside two inline SVGs of one page would collide."""
        self._job.check()
        self._job.progress(self._done, self._total, picture.words.partition(";")[0])
        self._done += 1
        file = io.BytesIO()
        try:
            with drawing():
                write_figure(picture.draw(), file, "svg", text_as_paths=True)
        except InvalidRequest as error:  # the numbers are in the tables all the same
            return f'<p class="partial">{_text(str(error))}</p>\n'
        data = base64.b64encode(file.getvalue()).decode("ascii")
        return f'<figure><img alt="{_text(picture.words)}" src="data:image/svg+xml;base64,{data}"></figure>\n'


def _section(section: Section, drawn: _Drawn) -> str:
    content = "".join(_block(block, drawn) for block in section.blocks)
    return (
        f'<section class="{section.kind}" id="{section.anchor}">\n<h2>{_text(section.title)}</h2>\n{content}</section>'
    )


def _block(block: Block, drawn: _Drawn) -> str:
    if isinstance(block, Picture):
        return drawn.image(block)
    if isinstance(block, FactTable):
        return _facts(block.caption, block.facts)
    if isinstance(block, ColumnTable):
        return _columns(block)
    if isinstance(block, Listing):
        listed = "\n".join(f"<li>{_text(sentence)}</li>" for sentence in block.sentences)
        return f"<h3>{_text(block.title)}</h3>\n<ul>\n{listed}\n</ul>\n"
    return _words(block)


def _words(block: Words) -> str:
    look = "" if block.look == "plain" else f' class="{block.look}"'
    written = ' dir="auto"' if block.look == "note" else ""  # in the direction of its own language
    return f"<p{look}{written}>{_text(block.text)}</p>\n"


def _facts(caption: str, facts: Facts) -> str:
    rows = "\n".join(f'<tr><th scope="row">{_text(name)}</th><td>{_text(value)}</td></tr>' for name, value in facts)
    return f"<table><caption>{_text(caption)}</caption>\n<tbody>\n{rows}\n</tbody></table>\n"


def _columns(table: ColumnTable) -> str:
    head = "".join(f'<th scope="col">{_text(name)}</th>' for name in table.heads)
    first = _certain if table.heads[0] == CERTAIN_HEAD else _cell
    body = "\n".join("<tr>" + first(row[0]) + "".join(map(_cell, row[1:])) + "</tr>" for row in table.rows)
    inside = f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>"
    return f'<div class="wide"><table><caption>{_text(table.caption)}</caption>\n{inside}</table></div>\n'


def _cell(text: str) -> str:
    return f"<td>{_text(text)}</td>"


def _certain(text: str) -> str:
    """How sure something is, in its colour."""
    return f'<td class="{text}">{text}</td>' if text in ("proved", "computed", "sampled", "unknown") else _cell(text)


def _text(text: str) -> str:
    """Escaped, and without characters that HTML and UTF-8 do not allow."""
    return escape(printable(text), quote=True)
