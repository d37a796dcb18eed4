"""A comparison as a report: what a meeting must hear first, all items in one table, then those that differ."""

from core import __version__
from core.exchange.report.blocks import Block, Facts, Picture, Report, Section, Words, columns, dated
from core.exchange.words import count
from core.review.comparison.figures import pair_figure
from core.review.comparison.record import FINDING_WORDS, PART_WORDS, Comparison, Pair, Row
from core.review.comparison.words import kind_name, pair_sentence, summary_sentence, verdict_words
from core.session.document import Document, utc_now

MOST_SECTIONS = 200  # items with lines and a picture of their own; all are in the table
_HOW = (
    "Two numbers are the same only where every bit is. They agree where the errors that both sessions state, such as "
    "bars, certificates and proved bounds, allow for their difference. Where a number has no stated error, any "
    "difference is said to be one. Times, threads and versions explain differences; they are none themselves."
)


def comparison_report(comparison: Comparison, a: Document, b: Document, *, title: str = "") -> Report:
    """Everything that is said of two sessions; figures are drawn later, one by one.

    Parameters
    ----------
    a, b : Document
        The sessions that were compared, for the figures.
    """
    made = utc_now()
    detailed = [pair for pair in comparison.pairs if pair.differing]
    sections = [_overview(comparison, len(detailed))]
    sections += [_section(pair, number, a, b) for number, pair in enumerate(detailed[:MOST_SECTIONS])]
    return Report(
        title=title or f"{comparison.a.name} and {comparison.b.name}",
        made_utc=made,
        version=__version__,
        lead=f"Comparison of two sessions, made {dated(made)} by Corrie {__version__}.",
        facts=_facts(comparison),
        sections=tuple(sections),
    )


def _facts(comparison: Comparison) -> Facts:
    facts: Facts = []
    for letter, side in (("A", comparison.a), ("B", comparison.b)):
        begun = f"begun {dated(side.created_utc)}, {count(side.items, 'item')}"
        facts += [(f"Session {letter}", f"{side.name}, {begun}"), (f"Document {letter}", side.document_id)]
    return facts


def _overview(comparison: Comparison, detailed: int) -> Section:
    rows = [
        (kind_name(pair.kind), pair.name, verdict_words(pair), pair_sentence(pair) if pair.verdict != "same" else "")
        for pair in comparison.pairs
    ]
    blocks: list[Block] = [
        Words(text=summary_sentence(comparison)),
        Words(text=_HOW, look="lead"),
        columns("All items", ("What", "Item", "Verdict", "Above all"), rows),
    ]
    if detailed > MOST_SECTIONS:
        rest = f"{count(detailed - MOST_SECTIONS, 'further item')} differ as well; their lines are in the table as CSV."
        blocks.append(Words(text=rest, look="partial"))
    return Section(anchor="overview", title="In short", blocks=tuple(blocks))


def _section(pair: Pair, number: int, a: Document, b: Document) -> Section:
    lead = f"{kind_name(pair.kind)}: {verdict_words(pair)}. They belong together by {pair.matched_by}."
    blocks: list[Block] = [Words(text=lead, look="lead")]
    one, other = a.items.get(pair.a_id), b.items.get(pair.b_id)
    draw = pair_figure(one, other) if one is not None and other is not None else None
    if draw is not None and pair.verdict != "same":
        blocks.append(Picture(draw=draw, words=f"A and B of {pair.name}; the numbers are in the tables below."))
    for part, caption in PART_WORDS.items():
        lines = [row for row in pair.differing if row.part == part]
        if lines:
            heads = ("What", "A", "B", "Difference", "")
            blocks.append(columns(caption, heads, [_cells(row) for row in lines]))
    return Section(anchor=f"pair-{number}", title=pair.name, blocks=tuple(blocks))


def _cells(row: Row) -> tuple[str, ...]:
    return row.what, row.a, row.b, row.difference, FINDING_WORDS[row.finding]
