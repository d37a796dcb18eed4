"""Items of the document as facts to read."""

from core.corrections.correction import Correction
from core.landscape.surface import Surface
from core.provenance import Provenance
from core.session.document import DatasetItem, NetworkItem, Result
from core.spectrum.spectrum import Spectrum

MOST_CLASSES = 20  # named; ten thousand names help nobody


def network_facts(item: NetworkItem) -> dict[str, str]:
    """What a network is."""
    card = item.card
    facts = {
        "Architecture": card.architecture or "self-contained program (.pt2)",
        "Input": " × ".join(map(str, card.input.shape)),
        "Parameters": "in the program" if item.parameter_count is None else f"{item.parameter_count:,}",
        "Classes": _classes(card.classes),
    }
    if card.description:
        facts["Description"] = card.description
    if item.origin:
        facts["Opened from"] = item.origin
    return facts | {"sha256": item.sha256}


def dataset_facts(item: DatasetItem) -> dict[str, str]:
    """What a data set is."""
    return {
        "Samples": f"{item.samples:,} of shape {' × '.join(map(str, item.shape))}",
        **({"Predicts": _classes(item.targets)} if item.targets else {"Classes": _classes(item.classes)}),
        "Kept in the session": "yes" if item.data is not None else f"no, read again from {item.origin}",
        "Source": item.source,
        "sha256": item.sha256,
    }


def result_facts(result: Result) -> dict[str, str]:
    """How a result was obtained and how exact it is."""
    if isinstance(result, Surface):
        facts = _surface(result)
    else:
        facts = _spectrum(result) if isinstance(result, Spectrum) else _correction(result)
    status = "complete" if result.status == "complete" else "partial: stopped before it was complete"
    return {"Status": status, **facts, **provenance_facts(result.provenance)}


def provenance_facts(provenance: Provenance) -> dict[str, str]:
    """What a result was computed with."""
    versions = ", ".join(f"{name} {version}" for name, version in provenance.versions.items())
    return {
        "Samples": f"{provenance.samples:,}",
        "Took": f"{provenance.seconds:.1f} s, {counted(provenance.threads, 'thread')}",
        "Arithmetic": f"{provenance.dtype}, {provenance.device}",
        "Network sha256": provenance.network_sha256,
        "Data sha256": provenance.data_sha256,
        "Computed with": versions,
    }


def _classes(names: tuple[str, ...]) -> str:
    if len(names) <= MOST_CLASSES:
        return ", ".join(names) or "not named"
    return f"{', '.join(names[:MOST_CLASSES])}, … {len(names):,} in all"


def _surface(surface: Surface) -> dict[str, str]:
    request, directions = surface.request, surface.request.directions
    facts = {
        "Points": f"{surface.evaluated_count:,} of {surface.loss.size:,} evaluated, the others interpolated"
        if surface.evaluated_count < surface.loss.size
        else f"{request.columns} × {request.rows}, all evaluated",
        "Range": f"{extent(request.x_range)} × {extent(request.y_range)}",
        "Directions": f"random, normalised: {directions.norm}; biases and norms: "
        f"{'still' if directions.ignore == 'biasbn' else 'moved'}; seed {directions.seed}",
        "Cosine of the two": f"{surface.directions.cosine:.4f}",
        "Loss at the centre": f"{surface.centre_loss:.6g}, the network's own",
        "What it can show": "A bump in this plane is a bump of the loss. A smooth bowl in this plane is no proof that "
        "there are no bumps elsewhere.",
    }
    if surface.holes:
        facts["Holes"] = f"{surface.holes} points have no finite loss: the weights there overflow the network."
    return facts


def _spectrum(spectrum: Spectrum) -> dict[str, str]:
    facts = {
        "Verified": f"{int(spectrum.verified.sum())} of {len(spectrum.eigenvalues)}",
        "Products": f"{spectrum.products} Hessian-vector products",
        "Tolerance": f"{spectrum.request.tolerance:g} relative",
    }
    if (audit := spectrum.audit) is not None:
        facts["Audit"] = (
            f"{audit.products} products looked for a missed eigenvalue and found {audit.missed}. One of 1.25 times the "
            f"smallest magnitude would be missed with probability below {audit.miss_probability:.1e}."
        )
    return facts


def _correction(correction: Correction) -> dict[str, str]:
    facts = {
        "Linear pieces": f"{correction.cells:,} in the slice",
        "Accepted": f"{100 * correction.accepted_share:.3g} % of the slice, "
        f"in {counted(len(correction.accepted), 'part')}",
    }
    if correction.centre is not None and correction.distance is not None:
        changes = (
            f"{feature.name} {before:g} → {after:.6g} ± {feature.half_width:g}"
            for feature, before, after in zip(
                correction.request.free, correction.request.point, correction.centre, strict=True
            )
        )
        facts["Nearest stable correction"] = "; ".join(changes)
        facts["Distance"] = f"{correction.distance:.6g} (weighted L1); none is nearer than {correction.lower_bound:.6g}"
    return facts | {"Proof": correction.proof.replace("_", " "), "Margin": f"{correction.margin:.2g} of the logits"}


def counted(number: int, thing: str) -> str:
    """``1 thread``, ``2 threads``."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def extent(limits: tuple[float, float]) -> str:
    """``−1 to 1``, with a minus and not a hyphen."""
    return " to ".join(f"{limit:g}".replace("-", "−") for limit in limits)
