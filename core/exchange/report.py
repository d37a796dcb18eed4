"""A document as one HTML page that needs nothing else: for a review, for the file, for the printer."""

import base64
import io
import re
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import BinaryIO

from matplotlib.figure import Figure

from core import __version__
from core.errors import InvalidRequest
from core.exchange.beside import beside
from core.exchange.cases_table import compared_cases, tabulated
from core.exchange.complexity_table import measured, session_table
from core.exchange.figures.attacked_examples import attacked_examples_figure
from core.exchange.figures.cases_table import cases_table_figure
from core.exchange.figures.comparison import comparison_figure
from core.exchange.figures.comparison_layout import MOST_SURFACES, paper_layout
from core.exchange.figures.complexity_table import table_figure
from core.exchange.figures.rendering import drawing, write_figure
from core.exchange.figures.run import runs_figure
from core.exchange.forms import result_facts, result_figure
from core.exchange.readings import limits_of, measures_of
from core.exchange.report_tables import (
    checkpoint_columns,
    dataset_facts,
    network_facts,
    provenance_facts,
    request_facts,
)
from core.exchange.run_words import run_facts
from core.exchange.spectrum_words import layer_columns
from core.exchange.subject import subject_of
from core.exchange.tables.cases_table import network_columns
from core.exchange.tables.complexity import correlation_columns, table_columns
from core.exchange.tables.runs import comparison_columns
from core.exchange.words import partial_notes
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.robustness.robustness import Robustness
from core.session.atomic import replace_file
from core.session.document import DatasetItem, Document, Item, NetworkItem, Result, ResultItem, RunItem, utc_now
from core.spectrum.spectrum import Spectrum

Facts = list[tuple[str, str]]

_UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: #24272b; max-width: 52rem;
       margin: 2.5rem auto; padding: 0 1.2rem; }
h1 { font-size: 1.7rem; margin-bottom: .2rem; } h2 { font-size: 1.25rem; margin-top: 2.6rem;
     border-bottom: 1px solid #cfd3d8; padding-bottom: .25rem; } h3 { font-size: 1rem; margin-bottom: .3rem; }
p.lead { color: #5a5f66; margin-top: 0; } figure { margin: 1rem 0; } figure img { width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .4rem 0 1rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .22rem .7rem .22rem 0; border-bottom: 1px solid #e6e8eb; }
th[scope=row] { width: 13rem; font-weight: 500; color: #5a5f66; } td { overflow-wrap: anywhere; }
code { font: .85em ui-monospace, "DejaVu Sans Mono", monospace; } li { margin: .15rem 0; }
.partial { color: #9c4400; font-weight: 600; }
@media print { body { margin: 0; max-width: none; font-size: 10pt; } section { break-inside: auto; }
  figure, table { break-inside: avoid; } h2 { break-after: avoid; } section.result { break-before: page; } }
"""


def write_report(document: Document, path: Path, *, title: str = "Session") -> None:
    """Write the report of a document, whole or not at all. Raises as `core.session.atomic.replace_file` does."""
    page = report_html(document, title=title)
    replace_file(path, lambda file: _write(page, file))


def report_html(document: Document, *, title: str = "Session") -> str:
    """The page: contents, networks, data, and each result with its figure, request and provenance.

    Every text of the document is escaped; the page loads nothing and runs nothing.
    """
    items = list(document.items.values())
    sections = (
        _surfaces(document)
        + _comparison(document.runs, document)
        + _complexities(document)
        + _cases(document)
        + "\n".join(_section(item, document) for item in items)
    )
    contents = "\n".join(f'<li><a href="#item-{n}">{_text(item.name)}</a></li>' for n, item in enumerate(items))
    lead = f"Document <code>{_text(document.document_id)}</code>, begun {_text(document.created_utc)}"
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{_text(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<header>
<h1>{_text(title)}</h1>
<p class="lead">{lead}; report made {utc_now()} by Corrie {__version__}.</p>
</header>
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


def _section(item: Item, document: Document) -> str:
    number = list(document.items).index(item.id)
    kind = "result" if isinstance(item, ResultItem) else "source"
    return (
        f'<section class="{kind}" id="item-{number}">\n<h2>{_text(item.name)}</h2>\n'
        f'<p class="lead"><code>{_text(item.id)}</code>, {_text(item.created_utc)}</p>\n'
        f"{_content(item, document)}\n</section>"
    )


def _content(item: Item, document: Document) -> str:
    if isinstance(item, NetworkItem):
        return _table("Description", network_facts(item))
    if isinstance(item, DatasetItem):
        return _table("Description", dataset_facts(item))
    if isinstance(item, RunItem):
        run = item.run
        return (
            _run_figure((item,), document, f"Curves of {item.name}; its numbers are in the tables below.")
            + _table("Run", run_facts(item, document))
            + _table("Request", request_facts(run.request))
            + _table("Provenance", provenance_facts(run.provenance))
        )
    result = item.result
    stopped = "".join(f'<p class="partial">{note}</p>\n' for note in partial_notes(result.status))
    return (
        stopped
        + _figure(item, document)
        + _examples(item, document)
        + _table("Result", result_facts(result, subject_of(item, document)))
        + _checkpoints(result)
        + _layers(result)
        + _measures(item, document)
        + _limits(item, document)
        + _table("Request", request_facts(result.request))
        + _table("Provenance", provenance_facts(result.provenance))
    )


def _figure(item: ResultItem, document: Document) -> str:
    words = f"Figure of {item.name}; its numbers are in the tables below."
    return _image(lambda: result_figure(item.result, subject_of(item, document), beside(item, document)), words)


def _examples(item: ResultItem, document: Document) -> str:
    """Attacked samples to look at, where they are kept."""
    result = item.result
    if not isinstance(result, Robustness) or result.examples is None:
        return ""
    words = f"Examples of {item.name}: samples as they are, what was added, and what came of it."
    return _image(lambda: attacked_examples_figure(result, subject_of(item, document)), words)


def _checkpoints(result: Result) -> str:
    """Each checkpoint of a way with its own loss and its distance from the plane: what the picture flattens."""
    if not isinstance(result, Trajectory):
        return ""
    heads, rows = checkpoint_columns(result)
    return _columns("Checkpoints", heads, rows)


def _layers(result: Result) -> str:
    """Every layer's own curvature, also of those that the figure has no room for."""
    if not isinstance(result, Spectrum) or not result.layer_table:
        return ""
    return _columns("Layers", *layer_columns(result.layer_table))


def _measures(item: ResultItem, document: Document) -> str:
    """Each with its value, exactly what was computed, and where the definition comes from."""
    found = measures_of(item, document)
    if not found:
        return ""
    rows = "\n".join(
        f'<tr><th scope="row">{_text(one.name)}</th><td>{_text(one.text)}</td><td>{_text(one.definition)} '
        f"<em>{_text(one.source)}</em> {_text(one.caveat)}</td></tr>"
        for one in found
    )
    head = (
        '<thead><tr><th scope="col">Measure</th><th scope="col">Value</th><th scope="col">Definition</th></tr></thead>'
    )
    return f"<table><caption>Measures</caption>\n{head}\n<tbody>\n{rows}\n</tbody></table>\n"


def _limits(item: ResultItem, document: Document) -> str:
    sentences = limits_of(item, document)
    if not sentences:
        return ""
    listed = "\n".join(f"<li>{_text(sentence)}</li>" for sentence in sentences)
    return f"<h3>What this slice can and cannot show</h3>\n<ul>\n{listed}\n</ul>\n"


def _surfaces(document: Document) -> str:
    """Two or more surfaces side by side on one scale; nothing where there are fewer, or too many for a page."""
    items = [item for item in document.results if isinstance(item.result, Surface)]
    if not 2 <= len(items) <= MOST_SURFACES:
        return ""
    layout, words = paper_layout(items, document), "All surfaces on one scale; their own figures and numbers are below."
    return (
        '<section class="result" id="surfaces">\n<h2>Surfaces compared</h2>\n'
        + _image(lambda: comparison_figure(layout, document), words)
        + "</section>\n"
    )


def _comparison(runs: Sequence[RunItem], document: Document) -> str:
    """Several runs in one figure and one table; nothing where there are fewer than two."""
    if len(runs) < 2:
        return ""
    table = _columns("Runs", *comparison_columns(runs))
    return (
        '<section class="result" id="runs">\n<h2>Runs compared</h2>\n'
        + _run_figure(runs, document, "Curves of all runs; their numbers are in the table below.")
        + f"{table}</section>"
    )


def _complexities(document: Document) -> str:
    """Size and sharpness of all networks in a figure and tables; nothing where fewer than two were measured."""
    if len(measured(document)) < 2:
        return ""
    table = session_table(document)
    heads, rows = table_columns(table)
    notes = "\n".join(f"<li>{_text(note)}</li>" for note in table.notes)
    defined = [(one.name, f"{one.definition}{f'. {one.source}' if one.source else ''}.") for one in table.measures]
    words = "Every measure over the generalisation gap; the numbers are in the tables below."
    return (
        '<section class="result" id="complexity">\n<h2>Size beside sharpness</h2>\n'
        + _image(lambda: table_figure(table), words)
        + f"<ul>\n{notes}\n</ul>\n"
        + _columns("Networks", heads, rows[: len(table.names)])
        + _columns("Rank correlation with the gap", *correlation_columns(table))
        + _table("What is measured", defined)
        + "</section>\n"
    )


def _cases(document: Document) -> str:
    """Tables of cases of several networks on the same rows; nothing where no two are about the same."""
    if not any(len(items) > 1 for items in tabulated(document)):
        return ""
    sections = [
        _image(lambda one=one: cases_table_figure(one), "What becomes of the rejected rows; the numbers are below.")  # type: ignore[misc]
        + _columns(f"The smallest stable change of {one.title}", *network_columns(one.table))
        for one in compared_cases(document)
        if len(one.items) > 1
    ]
    return (
        '<section class="result" id="cases">\n<h2>Rejected rows under several networks</h2>\n'
        + "".join(sections)
        + "</section>\n"
    )


def _run_figure(items: Sequence[RunItem], document: Document, words: str) -> str:
    return _image(lambda: runs_figure(items, document), words)


def _image(draw: Callable[[], Figure], words: str) -> str:
    """The figure as an image of its own: names inside two inline SVGs of one page would collide."""
    file = io.BytesIO()
    try:
        with drawing():
            write_figure(draw(), file, "svg", text_as_paths=True)
    except InvalidRequest as error:  # the numbers are in the tables all the same
        return f'<p class="partial">{_text(str(error))}</p>\n'
    data = base64.b64encode(file.getvalue()).decode("ascii")
    return f'<figure><img alt="{_text(words)}" src="data:image/svg+xml;base64,{data}"></figure>\n'


def _table(caption: str, facts: Facts) -> str:
    rows = "\n".join(f'<tr><th scope="row">{_text(name)}</th><td>{_text(value)}</td></tr>' for name, value in facts)
    return f"<table><caption>{_text(caption)}</caption>\n<tbody>\n{rows}\n</tbody></table>\n"


def _columns(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{_text(name)}</th>' for name in heads)
    body = "\n".join("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    table = f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>"
    return f"<table><caption>{_text(caption)}</caption>\n{table}</table>\n"


def _write(page: str, file: BinaryIO) -> None:
    file.write(page.encode("utf-8"))


def _text(text: str) -> str:
    """Escaped, and without characters that HTML and UTF-8 do not allow."""
    return escape(_UNSHOWABLE.sub("\ufffd", text), quote=True)
