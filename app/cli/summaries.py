"""Results in a few words: what the command line prints, and what `corrie info` lists."""

import numpy as np

from core.corrections.correction import Correction
from core.landscape.surface import Surface
from core.session.document import Result
from core.spectrum.spectrum import Spectrum


def summary(result: Result) -> dict[str, object]:
    """The figures one asks for first, as plain values."""
    if isinstance(result, Surface):
        return _surface(result)
    return _spectrum(result) if isinstance(result, Spectrum) else _correction(result)


def _surface(surface: Surface) -> dict[str, object]:
    finite = surface.loss[np.isfinite(surface.loss)]
    facts: dict[str, object] = {
        "status": surface.status,
        "points": f"{surface.evaluated_count} of {surface.loss.size} evaluated",
        "samples": surface.provenance.samples,
        "centre_loss": round(surface.centre_loss, 6),
    }
    if finite.size:
        below = float(np.mean(np.nan_to_num(surface.loss, nan=np.inf) <= surface.request.display_limit))
        facts |= {
            "lowest_loss": float(f"{finite.min():.6g}"),
            "highest_loss": float(f"{finite.max():.6g}"),
            f"share_at_loss_up_to_{surface.request.display_limit:g}": round(below, 4),
        }
    if surface.holes:
        facts["holes"] = f"{surface.holes} points have no finite loss: the weights there overflow the network"
    return facts | {"seconds": round(surface.provenance.seconds, 1)}


def _spectrum(spectrum: Spectrum) -> dict[str, object]:
    verified = int(spectrum.verified.sum())
    facts: dict[str, object] = {
        "status": spectrum.status,
        "eigenvalues": [float(f"{value:.6g}") for value in spectrum.eigenvalues],
        "residuals": [float(f"{value:.3g}") for value in spectrum.residuals],
        "verified": f"{verified} of {len(spectrum.eigenvalues)}",
        "samples": spectrum.provenance.samples,
        "products": spectrum.products,
    }
    if spectrum.audit is not None:
        facts["missed"] = spectrum.audit.missed
    return facts | {"seconds": round(spectrum.provenance.seconds, 1)}


def _correction(correction: Correction) -> dict[str, object]:
    x, y = correction.request.free
    facts: dict[str, object] = {
        "status": correction.status,
        "input": {feature.name: value for feature, value in zip((x, y), correction.request.point, strict=True)},
        "linear_pieces": correction.cells,
        "accepted_share": round(correction.accepted_share, 6),
        "proof": correction.proof,
    }
    if correction.centre is not None and correction.distance is not None:
        facts["correction"] = {
            feature.name: f"{value:.6g} ± {feature.half_width:g}"
            for feature, value in zip((x, y), correction.centre, strict=True)
        }
        facts["distance"] = float(f"{correction.distance:.6g}")
    elif correction.proof == "none_exists":
        facts["correction"] = "provably none exists within these ranges"
    return facts | {"seconds": round(correction.provenance.seconds, 2)}
