"""Results in a few lines for people: what a command prints when it has ended, and what `corrie info` lists."""

import numpy as np

from app.cli.case_values import case_lines
from app.cli.joint_values import joint_summary
from app.cli.pair_values import pair_summary
from app.cli.robustness_values import robustness_summary
from app.cli.spectrum_values import spectrum_summary
from app.cli.tables import Facts, figure, table
from core.corrections.records.cases import Cases
from core.corrections.records.correction import Correction
from core.corrections.records.joint import JointCorrection
from core.corrections.records.pairs import Pairs
from core.exchange.correction_words import rule_of, verdict_words, wanted_words
from core.exchange.facts.complexity import size_facts
from core.exchange.facts.history import history_facts
from core.exchange.facts.landscape import (
    convexity_facts,
    curve_facts,
    initialisation_facts,
    trajectory_facts,
)
from core.exchange.plane_words import axis_labels
from core.exchange.rule_words import triangle_words
from core.exchange.subject import Subject, subject_of
from core.exchange.tradeoff_words import largest_words
from core.exchange.words import (
    NORMS,
    PROOFS,
    certificate_words,
    count,
    course_words,
    duration,
    lowest_point,
    rounded_down,
    words_on_test_set,
)
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

PARTIAL = "partial: stopped before it was complete; --resume with the same options goes on"


def summary(item: ResultItem, document: Document) -> Facts:
    """The figures one asks for first, with their units and how sure they are."""
    result, subject = item.result, subject_of(item, document)
    made = result.provenance
    network = f"not recorded in {made.imported}" if made.imported else subject.network_name
    facts = [("result", item.name), ("network", network), ("data", _data_words(item, subject))]
    partial = f"partial: not every point was computed in {made.imported}" if made.imported else PARTIAL
    facts.append(("status", "complete" if result.status == "complete" else partial))
    if isinstance(result, Surface):
        facts += _surface(result)
    elif isinstance(result, Spectrum):
        facts += spectrum_summary(result)
    elif isinstance(result, Correction):
        facts += _correction(result, subject)
    elif isinstance(result, Cases):
        facts += case_lines(result, subject)
    elif isinstance(result, JointCorrection):
        facts += joint_summary(result, subject)
    elif isinstance(result, Pairs):
        facts += pair_summary(result, subject)
    elif isinstance(result, Robustness):
        facts += robustness_summary(result)
    elif isinstance(result, History):
        facts += [(name[0].lower() + name[1:], value) for name, value in history_facts(result, subject)]
    elif isinstance(result, Complexity):
        facts += [(name[0].lower() + name[1:], value) for name, value in size_facts(result, subject)]
    else:
        facts += [(name[0].lower() + name[1:], value) for name, value in landscape_facts(result, subject)]
    if axes := _axes(result):
        facts.append(("axes", axes))
    return facts if made.imported else [*facts, ("time", duration(made.seconds))]


def _data_words(item: ResultItem, subject: Subject) -> str:
    if item.result.provenance.imported:
        return f"not recorded in {item.result.provenance.imported}"
    if isinstance(item.result, Correction | JointCorrection | Pairs):
        row = item.result.request.row
        return f"{subject.dataset_name}, {'an input of your own' if row is None else f'row {row}'}"
    samples, size = item.result.provenance.samples, subject.dataset.samples if subject.dataset else None
    return f"{subject.dataset_name}, {'all' if samples == size else 'first'} {samples:,} samples"


def _axes(result: Result) -> str:
    """What positions are multiples of; "" for results that lie in no plane."""
    if not isinstance(result, Surface | Curve | Trajectory | Convexity):
        return ""
    first, second = axis_labels(result.request.directions)
    return f"x: {first}" if isinstance(result, Curve) else f"x: {first}; y: {second}"


def _surface(surface: Surface) -> Facts:
    asked, size = surface.request, surface.loss.size
    sound = np.isfinite(surface.centre_loss)
    imported = surface.provenance.imported
    loss = f"{figure(surface.centre_loss)} {surface.loss_unit} a sample" if sound else "not finite"
    loss = f"{loss} at the centre, which is the network itself"
    facts = [
        ("points", f"{surface.evaluated_count:,} of {size:,} evaluated ({asked.columns} × {asked.rows})"),
        ("loss", f"not known at the centre from {imported}" if imported and not sound else loss),
    ]
    known = surface.loss[np.isfinite(surface.loss)]
    if known.size:
        place = ""
        if (lowest := lowest_point(surface)) is not None:
            row, column = lowest
            place = f" (lowest at {figure(surface.x[column], 3)}, {figure(surface.y[row], 3)})"
        share = float(np.mean(np.nan_to_num(surface.loss, nan=np.inf) <= asked.display_limit))
        facts += [
            ("over the plane", f"{figure(known.min())} to {figure(known.max())} {surface.loss_unit}{place}"),
            (f"up to {asked.display_limit:g} {surface.loss_unit}", f"{figure(100 * share, 3)} % of the points"),
        ]
    for name, words in (("certificate", certificate_words(surface)), ("course", course_words(surface))):
        if words:
            facts.append((name, words))
    if tested := words_on_test_set(surface):
        facts.append(("on the test set", tested))
    if surface.holes:
        why = "the network overflows there" if sound else "check the weights, and mean and std in the network card"
        why = f"so they are in {imported}" if imported else why
        facts.append(("holes", f"{count(surface.holes, 'point')} without a finite loss: {why}"))
    return facts


def landscape_facts(result: Curve | Trajectory | Convexity | Initialisations, subject: Subject) -> Facts:
    """What a result that is no surface found."""
    if isinstance(result, Curve):
        return curve_facts(result, subject)
    if isinstance(result, Trajectory):
        return trajectory_facts(result, subject)
    return convexity_facts(result, subject) if isinstance(result, Convexity) else initialisation_facts(result, subject)


def _correction(correction: Correction, subject: Subject) -> Facts:
    facts = [
        ("verdict", f"{verdict_words(correction, subject)}; wanted is {wanted_words(correction, subject)}"),
        ("accepted", f"{figure(100 * correction.accepted_share, 4)} % of the slice, exactly"),
        ("linear pieces", f"{correction.cells:,} of the network in the slice"),
        ("correction", _changes(correction, subject)),
        ("proof", PROOFS[correction.proof]),
    ]
    if correction.distance is not None:
        bound = correction.lower_bound
        least = "" if bound is None else f"; no stable correction is nearer than {figure(rounded_down(bound, 6))}"
        facts.append(("distance", f"{figure(correction.distance)} (weighted {NORMS[correction.request.norm]}){least}"))
    facts += [("rule", rule)] if (rule := rule_of(correction, subject)) else []
    facts += [("triangle", words)] if (words := triangle_words(correction)) else []
    facts += [("stability", f"at most {most}")] if (most := largest_words(correction, subject)) else []
    return facts


def _changes(correction: Correction, subject: Subject) -> str:
    """A row for each free feature: what it is, what it should become, and how far it may be off."""
    if correction.status == "partial":
        return "not computed yet"
    if correction.centre is None:
        return "provably none in this slice" if correction.proof == "none_exists" else "none was found"
    header = ("feature", "now", "correction", "holds for", "change", "unit")
    rows = [
        (
            feature.name,
            figure(before),
            figure(after),
            f"± {figure(feature.half_width)}",
            f"{after - before:+.6g}" if after != before else "0",
            subject.unit(feature.name),
        )
        for feature, before, after in zip(
            correction.request.free, correction.request.point, correction.centre, strict=True
        )
    ]
    return table(header, rows)
