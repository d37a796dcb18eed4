"""Results as plain values for machines: everything a script would otherwise have to read out of the session file."""

from collections.abc import Callable
from typing import Any

from app.cli.case_values import case_values
from app.cli.complexity_values import complexity_values
from app.cli.joint_values import joint_values
from app.cli.landscape_values import (
    convexity_values,
    curve_values,
    initialisation_values,
    surface_values,
    trajectory_values,
)
from app.cli.machine_numbers import finite, finite_list, finite_rows
from app.cli.pair_values import pair_values
from app.cli.robustness_values import robustness_values
from app.cli.spectrum_values import spectrum_values
from core.corrections.records.cases import Cases
from core.corrections.records.correction import Box, Correction, Triangle
from core.corrections.records.joint import JointCorrection
from core.corrections.records.pairs import Pairs
from core.corrections.records.tradeoff import Tradeoff
from core.exchange.correction_words import rule_of, wanted_words
from core.exchange.subject import Subject, subject_of
from core.generalisation.complexity import Complexity
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.naming import kind_of
from core.provenance import Provenance
from core.robustness.robustness import Robustness
from core.session.document import Document, ResultItem, RunItem
from core.session.json_text import record_to_table
from core.spectrum.history import History
from core.spectrum.spectrum import Spectrum

Values = dict[str, object]


def result_values(item: ResultItem, document: Document) -> Values:
    """A result with its numbers in full precision; what is not finite is null, as JSON knows no NaN."""
    result, subject = item.result, subject_of(item, document)
    values: Values = {"item": item.id, "name": item.name, "kind": kind_of(result), "status": result.status}
    values |= {"network": item.network_id, "data": item.dataset_id}
    values |= {name: other for name, other in (("test", item.test_id), ("run", item.run_id)) if other}
    if isinstance(result, Correction):
        return values | _correction(result, subject) | _made(result.provenance)
    if isinstance(result, Cases):
        return values | case_values(result, subject) | _made(result.provenance)
    if isinstance(result, JointCorrection):
        return values | joint_values(result, subject) | _made(result.provenance)
    if isinstance(result, Pairs):
        return values | pair_values(result, subject) | _made(result.provenance)
    return values | _VALUES[type(result)](result) | _made(result.provenance)


def run_values(item: RunItem) -> Values:
    """A run with its curves in full precision; what was not measured is null."""
    run = item.run
    curves = ("train_loss", "train_accuracy", "test_loss", "test_accuracy", "gradient_norm", "top_eigenvalue")
    values: Values = {"item": item.id, "name": item.name, "kind": "run", "status": run.status, "ended": run.ended}
    values |= {"network": item.network_id, "data": item.dataset_id, "test": item.test_id, "sweep": item.sweep}
    values |= {"request": record_to_table(run.request), "epoch": run.epoch.tolist(), "step": run.step.tolist()}
    values |= {name: finite_list(getattr(run, name)) for name in (*curves, "learning_rate", "seconds")}
    values |= {"batch_size": run.batch_size.tolist(), "generalisation_gap": finite(run.generalisation_gap)}
    return values | _made(run.provenance)


def _history(history: History) -> Values:
    curves = ("epoch", "learning_rate", "loss", "accuracy", "test_loss", "test_accuracy", "gradient_norm")
    known = {name: array for name in curves if (array := getattr(history, name)) is not None}
    return {
        **{name: finite_list(array) for name, array in known.items()},
        **{name: finite_rows(getattr(history, name)) for name in ("eigenvalues", "residuals")},
        "converged": [bool(value) for value in history.converged],
        "seed": history.request.seed,
    }


def _correction(correction: Correction, subject: Subject) -> Values:
    asked, centre = correction.request, correction.centre or (None, None)
    wanted = asked.wanted
    free = [
        {
            "name": feature.name,
            "unit": subject.unit(feature.name),
            "low": feature.low,
            "high": feature.high,
            "half_width": feature.half_width,
            "weight": feature.weight,
            "value": before,
            "correction": after,
        }
        for feature, before, after in zip(asked.free, asked.point, centre, strict=True)
    ]
    return {
        "row": asked.row,
        "verdict": finite(correction.value) if wanted.by_value else subject.class_name(correction.verdict),
        "target": subject.class_name(asked.target) if len(wanted.classes) == 1 else None,
        "wanted": wanted_words(correction, subject),
        "at_least": finite(wanted.at_least),
        "at_most": finite(wanted.at_most),
        "free": free,
        "proof": correction.proof,
        "norm": asked.norm,
        "distance": finite(correction.distance),
        "lower_bound": finite(correction.lower_bound),
        "linear_pieces": correction.cells,
        "accepted_share": finite(correction.accepted_share),
        "accepted_parts": len(correction.accepted),
        "margin": finite(correction.margin),
        "rule": rule_of(correction, subject) or None,
        "largest_box": _box(correction.largest_box),
        "triangle": _triangle(correction.triangle),
        "tradeoff": _tradeoff(correction.tradeoff),
    }


def _box(box: Box | None) -> Values | None:
    if box is None:
        return None
    x_low, y_low, x_high, y_high = box.bounds
    return {"low": [x_low, y_low], "high": [x_high, y_high], "proof": box.proof}


def _triangle(triangle: Triangle | None) -> Values | None:
    if triangle is None:
        return None
    return {
        "corners": triangle.corners.tolist(),
        "share": triangle.share,
        "correction": triangle.centre,
        "distance": finite(triangle.distance),
    }


def _tradeoff(tradeoff: Tradeoff | None) -> Values | None:
    """The curve place by place; stability counts multiples of the unit, which was asked for or is 1 % of each range."""
    if tradeoff is None:
        return None
    return {
        "unit": tradeoff.unit,
        "asked": tradeoff.asked,
        "stability": tradeoff.stability.tolist(),
        "distance": tradeoff.distance.tolist(),
        "lower_bound": tradeoff.lower_bound.tolist(),
        "corrections": tradeoff.centres.tolist(),
        "none_beyond": finite(tradeoff.none_beyond),
    }


def _made(made: Provenance) -> Values:
    return {
        "samples": made.samples,
        "seconds": round(made.seconds, 3),
        "threads": made.threads,
        "dtype": made.dtype,
        "device": made.device,
        "network_sha256": made.network_sha256,
        "data_sha256": made.data_sha256,
    }


_VALUES: dict[type, Callable[[Any], Values]] = {
    Surface: surface_values,
    Curve: curve_values,
    Trajectory: trajectory_values,
    Convexity: convexity_values,
    Initialisations: initialisation_values,
    Spectrum: spectrum_values,
    Complexity: complexity_values,
    History: _history,
    Robustness: robustness_values,
}
