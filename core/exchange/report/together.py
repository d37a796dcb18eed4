"""Sections on several items at once: surfaces on one scale, trainings, sizes beside sharpness, tables of cases."""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from core.exchange.cases_table import compared_cases, tabulated
from core.exchange.complexity_table import measured, session_table
from core.exchange.figures.cases_table import cases_table_figure
from core.exchange.figures.comparison import comparison_figure
from core.exchange.figures.comparison_layout import MOST_SURFACES, paper_layout
from core.exchange.figures.complexity_table import table_figure
from core.exchange.figures.run import runs_figure
from core.exchange.report.blocks import Block, Listing, Picture, Section, columns
from core.exchange.report.choice import beneath
from core.exchange.tables.cases_table import network_columns
from core.exchange.tables.complexity import correlation_columns, table_columns
from core.exchange.tables.runs import comparison_columns
from core.landscape.surface import Surface
from core.session.document import Document, Item, RunItem


def sections_together(items: Sequence[Item], document: Document) -> tuple[Section, ...]:
    """What there is to compare among the chosen items; nothing where there is only one of a kind."""
    # Comparisons are made of a whole session: here of one that holds the choice, with what it is about.
    kept = {item.id: item for item in (*beneath(items, document), *items)}
    chosen = replace(document, items=MappingProxyType(kept))
    sections = (_surfaces(chosen), _runs(chosen), _complexities(chosen), _cases(chosen))
    return tuple(section for section in sections if section is not None)


def _surfaces(document: Document) -> Section | None:
    """Two or more surfaces side by side on one scale; nothing where there are too many for a page."""
    items = [item for item in document.results if isinstance(item.result, Surface)]
    if not 2 <= len(items) <= MOST_SURFACES:
        return None
    picture = Picture(
        draw=lambda: comparison_figure(paper_layout(items, document), document),
        words="All surfaces on one scale; their own figures and numbers are in their sections.",
    )
    return Section(anchor="surfaces", title="Surfaces compared", blocks=(picture,), kind="result")


def _runs(document: Document) -> Section | None:
    runs: tuple[RunItem, ...] = document.runs
    if len(runs) < 2:
        return None
    picture = Picture(
        draw=lambda: runs_figure(runs, document),
        words="Curves of all runs; their numbers are in the table below.",
    )
    return Section(
        anchor="runs",
        title="Runs compared",
        blocks=(picture, columns("Runs", *comparison_columns(runs))),
        kind="result",
    )


def _complexities(document: Document) -> Section | None:
    if len(measured(document)) < 2:
        return None
    table = session_table(document)
    heads, rows = table_columns(table)
    blocks: list[Block] = [
        Picture(
            draw=lambda: table_figure(table),
            words="Every measure over the generalisation gap; the numbers are in the tables below.",
        )
    ]
    if table.notes:
        blocks.append(Listing(title="How sure this is", sentences=tuple(table.notes)))
    blocks += [
        columns("Networks", heads, rows[: len(table.names)]),
        columns("Rank correlation with the gap", *correlation_columns(table)),
    ]
    return Section(anchor="complexity", title="Size beside sharpness", blocks=tuple(blocks), kind="result")


def _cases(document: Document) -> Section | None:
    """Tables of cases of several networks on the same rows; nothing where no two are about the same."""
    if not any(len(items) > 1 for items in tabulated(document)):
        return None
    blocks: list[Block] = []
    for one in compared_cases(document):
        if len(one.items) > 1:
            blocks += [
                Picture(
                    draw=lambda one=one: cases_table_figure(one),  # type: ignore[misc]
                    words="What becomes of the rejected rows; the numbers are below.",
                ),
                columns(f"The smallest stable change of {one.title}", *network_columns(one.table)),
            ]
    return Section(anchor="cases", title="Rejected rows under several networks", blocks=tuple(blocks), kind="result")
