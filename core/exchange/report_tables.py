"""The rows of a report's tables: names and values as text, not yet escaped."""

from collections.abc import Mapping

from core.corrections.correction import Correction
from core.exchange.correction_words import change_words, point_words, result_words
from core.exchange.subject import Subject, subject_of
from core.exchange.words import (
    audit_words,
    count,
    duration,
    lowest_point,
    number,
    points_words,
    residual_words,
    verified_words,
)
from core.landscape.surface import Surface
from core.provenance import Provenance
from core.session.document import DatasetItem, Document, NetworkItem, ResultItem
from core.session.json_text import record_to_table
from core.spectrum.spectrum import Spectrum

Facts = list[tuple[str, str]]
_MOST_VALUES = 60  # of an input: longer ones are in the session file
_MOST_EIGENVALUES = 50


def network_facts(item: NetworkItem) -> Facts:
    """What a network is."""
    card = item.card
    facts = [
        ("Architecture", card.architecture or f"program {card.file}"),
        ("Input", " × ".join(map(str, card.input.shape))),
    ]
    if card.classes:
        facts.append(("Classes", ", ".join(card.classes)))
    if item.weights:
        facts.append(("Parameters", f"{sum(array.size for array in item.weights.values()):,}"))
    if card.description:
        facts.append(("Description", card.description))
    return [*facts, ("Opened from", item.origin or "not recorded"), ("sha256", item.sha256)]


def dataset_facts(item: DatasetItem) -> Facts:
    """What a data set is."""
    shape = " × ".join(map(str, item.shape))
    facts = [("Samples", f"{item.samples:,} of {shape}")]
    if item.targets:
        facts.append(("Predicts", ", ".join(item.targets)))
    else:
        facts.append(("Classes", ", ".join(item.classes) or "not named"))
    if item.features is not None:
        facts.append(("Features", ", ".join(_feature(f.name, f.unit) for f in item.features.features)))
    facts += [("Source", item.source or "not recorded"), ("Opened from", item.origin or "not recorded")]
    kept = "yes" if item.data is not None else "no: only described"
    return [*facts, ("Kept in the session", kept), ("sha256", item.sha256)]


def result_facts(item: ResultItem, document: Document) -> Facts:
    """What was found."""
    subject = subject_of(item, document)
    facts = [("Network", subject.network_name), ("Data", subject.dataset_name), ("Status", item.result.status)]
    if isinstance(item.result, Surface):
        return facts + _surface_facts(item.result)
    if isinstance(item.result, Spectrum):
        return facts + _spectrum_facts(item.result)
    return facts + _correction_facts(item.result, subject)


def request_facts(request: object) -> Facts:
    """What was asked, field by field."""
    return [(name.replace("_", " ").capitalize(), _plain(value)) for name, value in record_to_table(request).items()]


def provenance_facts(made: Provenance) -> Facts:
    """How a result came about."""
    versions = ", ".join(f"{name} {version}" for name, version in made.versions.items())
    return [
        ("Network sha256", made.network_sha256),
        ("Data sha256", made.data_sha256),
        ("Samples", f"{made.samples:,}"),
        ("Computing time", duration(made.seconds)),
        ("Arithmetic", f"{made.dtype} on {made.device}, {count(made.threads, 'thread')}"),
        ("Versions", versions or "not recorded"),
    ]


def _surface_facts(surface: Surface) -> Facts:
    facts = [
        ("Points", points_words(surface)),
        ("Loss of the network", f"{number(surface.centre_loss, 6)} {surface.loss_unit}"),
    ]
    if (lowest := lowest_point(surface)) is not None:
        row, column = lowest
        place = f"({number(surface.x[column])}, {number(surface.y[row])})"
        facts.append(("Lowest point", f"{number(surface.loss[row, column], 6)} {surface.loss_unit} at {place}"))
    return [*facts, ("Cosine of the directions", number(surface.directions.cosine))]


def _spectrum_facts(spectrum: Spectrum) -> Facts:
    pairs = list(zip(spectrum.eigenvalues, spectrum.residuals, spectrum.verified, strict=True))
    facts = [
        (f"λ{rank}", f"{number(value, 6)} ± {number(error, 2)}, {'verified' if verified else 'not verified'}")
        for rank, (value, error, verified) in enumerate(pairs[:_MOST_EIGENVALUES], start=1)
    ]
    certainty = [("Certainty", f"{verified_words(spectrum)}; {audit_words(spectrum)}")]
    return [
        *certainty,
        ("Errors", residual_words(spectrum)),
        ("Hessian-vector products", f"{spectrum.products:,}"),
        *facts,
    ]


def _correction_facts(correction: Correction, subject: Subject) -> Facts:
    request = correction.request
    facts = [
        ("Verdict", subject.class_name(correction.verdict)),
        ("Wanted", subject.class_name(request.target)),
        ("Input", point_words(correction, subject, request.point)),
        ("Finding", result_words(correction).removeprefix("Result: ")),
    ]
    if correction.centre is not None:
        facts.append(("Nearest stable correction", point_words(correction, subject, correction.centre)))
        facts.append(("Change", change_words(correction, subject, correction.centre).replace("\n", ", ")))
    share = f"{number(100 * correction.accepted_share)} % of the slice, in {count(len(correction.accepted), 'part')}"
    return [*facts, ("Accepted", share), ("Linear pieces", f"{correction.cells:,}")]


def _feature(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def _plain(value: object) -> str:
    if value is None:
        return "not set"
    if isinstance(value, Mapping):
        return "; ".join(f"{name.replace('_', ' ')} {_plain(entry)}" for name, entry in value.items())
    if isinstance(value, list | tuple):
        rest = f" … ({len(value):,} values)" if len(value) > _MOST_VALUES else ""
        separator = "; " if value and isinstance(value[0], Mapping) else ", "
        return separator.join(_plain(entry) for entry in value[:_MOST_VALUES]) + rest
    if isinstance(value, float):
        return number(value, 6)
    return str(value)
