"""The section of one item: its figure, what was found, its measures and limits, what was asked, how it came about."""

from core.exchange.beside import beside
from core.exchange.figures.attacked_examples import attacked_examples_figure
from core.exchange.figures.pins import draw_pins
from core.exchange.figures.run import runs_figure
from core.exchange.forms import result_facts, result_figure
from core.exchange.readings import limits_of
from core.exchange.report.blocks import Block, FactTable, Listing, Picture, Section, Words, columns, dated
from core.exchange.report.facts import (
    checkpoint_columns,
    dataset_facts,
    network_facts,
    provenance_facts,
    request_facts,
)
from core.exchange.report.notes import notes_line, numbered
from core.exchange.run_words import run_facts
from core.exchange.spectrum_words import layer_columns
from core.exchange.subject import subject_of
from core.exchange.words import partial_notes
from core.landscape.measures.measure import Measure
from core.landscape.trajectory import Trajectory
from core.robustness.robustness import Robustness
from core.session.document import DatasetItem, Document, Item, NetworkItem, ResultItem, RunItem
from core.spectrum.spectrum import Spectrum


def item_section(item: Item, number: int, document: Document, measures: tuple[Measure, ...]) -> Section:
    """The section of an item that has that place in the report; `measures` are those of a result."""
    lead = Words(text=f"{item.id}, {dated(item.created_utc)}", look="lead")
    if isinstance(item, ResultItem):
        blocks = _result(item, document, measures)
    elif isinstance(item, RunItem):
        blocks = _run(item, document)
    else:
        blocks = (_source(item),)
    return Section(
        anchor=f"item-{number}",
        title=item.name,
        blocks=(lead, *notes_line(item, document), *blocks),
        kind="source" if isinstance(item, NetworkItem | DatasetItem) else "result",
    )


def _source(item: NetworkItem | DatasetItem) -> Block:
    facts = network_facts(item) if isinstance(item, NetworkItem) else dataset_facts(item)
    return FactTable(caption="Description", facts=facts)


def _run(item: RunItem, document: Document) -> tuple[Block, ...]:
    run = item.run
    return (
        Picture(
            draw=lambda: runs_figure((item,), document),
            words=f"Curves of {item.name}; its numbers are in the tables below.",
        ),
        FactTable(caption="Run", facts=run_facts(item, document)),
        FactTable(caption="Request", facts=request_facts(run.request)),
        FactTable(caption="Provenance", facts=provenance_facts(run.provenance)),
    )


def _result(item: ResultItem, document: Document, measures: tuple[Measure, ...]) -> tuple[Block, ...]:
    result, subject = item.result, subject_of(item, document)
    pins = tuple((number, note) for number, note in numbered(document) if note.item_id == item.id)
    blocks: list[Block] = [Words(text=note, look="partial") for note in partial_notes(result.status)]
    blocks.append(
        Picture(
            draw=lambda: draw_pins(result_figure(result, subject, beside(item, document)), result, pins),
            words=f"Figure of {item.name}; its numbers are in the tables below.",
        )
    )
    if isinstance(result, Robustness) and result.examples is not None:
        blocks.append(
            Picture(
                draw=lambda: attacked_examples_figure(result, subject),
                words=f"Examples of {item.name}: samples as they are, what was added, and what came of it.",
            )
        )
    blocks.append(FactTable(caption="Result", facts=result_facts(result, subject)))
    if isinstance(result, Trajectory):  # each checkpoint with its own loss and its distance: what the picture flattens
        blocks.append(columns("Checkpoints", *checkpoint_columns(result)))
    if isinstance(result, Spectrum) and result.layer_table:
        blocks.append(columns("Layers", *layer_columns(result.layer_table)))
    blocks += _measures(measures)
    if limits := limits_of(item, document):
        blocks.append(Listing(title="What this slice can and cannot show", sentences=limits))
    blocks.append(FactTable(caption="Request", facts=request_facts(result.request)))
    blocks.append(FactTable(caption="Provenance", facts=provenance_facts(result.provenance)))
    return tuple(blocks)


def _measures(measures: tuple[Measure, ...]) -> list[Block]:
    """Each with its value; what must be kept in mind, which is the same for many, is said once below."""
    if not measures:
        return []
    caveats = list(dict.fromkeys(one.caveat for one in measures if one.caveat))
    caption, heads = "Measures, defined at the end of the report", ("Measure", "Value", "Note")
    if not caveats:
        return [columns(caption, heads[:2], [(one.name, one.text) for one in measures])]
    rows = [(one.name, one.text, str(caveats.index(one.caveat) + 1) if one.caveat else "") for one in measures]
    notes = tuple(f"Note {number}: {caveat}" for number, caveat in enumerate(caveats, start=1))
    return [columns(caption, heads, rows), Listing(title="Notes on the measures", sentences=notes)]
