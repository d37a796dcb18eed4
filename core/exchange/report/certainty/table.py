"""The section on certainty: of every result what is proved, computed, sampled and unknown, and in which domain."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.corrections.records.cases import Cases
from core.corrections.records.correction import Correction
from core.corrections.records.joint import JointCorrection
from core.corrections.records.pairs import Pairs
from core.exchange.report.blocks import CERTAIN_HEAD, Block, FactTable, Section, Words, columns
from core.exchange.report.certainty.corrections import (
    cases_statements,
    correction_statements,
    joint_statements,
    pairs_statements,
)
from core.exchange.report.certainty.landscape import (
    convexity_statements,
    curve_statements,
    initialisation_statements,
    surface_statements,
    trajectory_statements,
)
from core.exchange.report.certainty.robustness import complexity_statements, robustness_statements
from core.exchange.report.certainty.spectrum import history_statements, spectrum_statements
from core.exchange.report.certainty.statement import MEANINGS, Statement, origin_statements
from core.exchange.subject import Subject, subject_of
from core.generalisation.complexity import Complexity
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.robustness.robustness import Robustness
from core.session.document import Document, Result, ResultItem
from core.spectrum.history import History
from core.spectrum.spectrum import Spectrum

# The first argument of each is a result of that kind.
_ALONE: Mapping[type, Callable[[Any], list[Statement]]] = {
    Surface: surface_statements,
    Curve: curve_statements,
    Trajectory: trajectory_statements,
    Convexity: convexity_statements,
    Initialisations: initialisation_statements,
    Spectrum: spectrum_statements,
    Robustness: robustness_statements,
    Complexity: complexity_statements,
    History: history_statements,
}
_IN_UNITS: Mapping[type, Callable[[Any, Subject], list[Statement]]] = {
    Correction: correction_statements,
    JointCorrection: joint_statements,
    Pairs: pairs_statements,
    Cases: cases_statements,
}
_ORDER = tuple(MEANINGS)


def statements_of(result: Result, subject: Subject) -> tuple[Statement, ...]:
    """What is known of a result, the surest first. Raises `KeyError` for a kind that nothing is said of."""
    kind = type(result)
    own = _ALONE[kind](result) if kind in _ALONE else _IN_UNITS[kind](result, subject)
    found = [*own, *origin_statements(result.provenance, result.status)]
    return tuple(sorted(found, key=lambda one: _ORDER.index(one.certainty)))


def certainty_section(results: Sequence[ResultItem], document: Document) -> Section | None:
    """A table for each result; nothing where there are none."""
    if not results:
        return None
    blocks: list[Block] = [
        Words(text="Every claim of this report is of one of four kinds."),
        FactTable(
            caption="What the words mean", facts=[(kind.capitalize(), words) for kind, words in MEANINGS.items()]
        ),
    ]
    for item in results:
        found = statements_of(item.result, subject_of(item, document))
        rows = [(one.certainty, one.claim, one.domain) for one in found]
        blocks.append(columns(item.name, (CERTAIN_HEAD, "Claim", "Where it holds"), rows))
    return Section(anchor="certainty", title="What is proved, computed, sampled and unknown", blocks=tuple(blocks))
