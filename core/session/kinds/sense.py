"""Whether the values of a result make sense together: a file may come from anyone, and be well-formed nonsense."""

import numpy as np

from core.landscape.plane import FloatArray
from core.landscape.surface import EVALUATED, INTERPOLATED, SAMPLED, Certificate, Sampling, Surface
from core.session.group_reader import GroupReader
from core.session.refusal import Refusal

FEWEST = 2  # points along an axis


def read_axis(reader: GroupReader, name: str, item_id: str) -> FloatArray:
    """The positions of points along an axis, (n,). Raises `Refusal` unless they are finite and rising."""
    axis = reader.floats(name, None)
    with np.errstate(over="ignore"):
        rising = bool((np.diff(axis) > 0).all())
    if len(axis) < FEWEST or not np.isfinite(axis).all() or not rising:
        raise Refusal(f'The positions {name} of "{item_id}" are not finite numbers in rising order.')
    return axis


def check_size(asked: tuple[int, ...], held: tuple[int, ...], item_id: str) -> None:
    """Raise `Refusal` unless there are as many points as were asked for: a computation goes on with those that lack."""
    if asked != held:
        words = (" × ".join(map(str, size)) for size in (asked, held))
        raise Refusal('"{}" was asked for {} points, but holds {}.'.format(item_id, *words))


def check_surface(surface: Surface, item_id: str) -> Surface:
    """The surface itself. Raises `Refusal` if one of its parts says what cannot be."""
    if not np.isin(surface.evaluated, (INTERPOLATED, EVALUATED, SAMPLED)).all():
        raise Refusal(f'"{item_id}" has points that were obtained in a way that there is not.')
    if surface.certificate is not None:
        _check_certificate(surface.certificate, item_id)
    if surface.sampling is not None:
        _check_sampling(surface.sampling, surface.provenance.samples, item_id)
    return surface


def _check_certificate(certificate: Certificate, item_id: str) -> None:
    shares = all(0 <= share <= 1 for share in (certificate.confidence, certificate.coverage))
    if not (shares and certificate.points >= 0 and certificate.tolerance >= 0 and certificate.max_seen >= 0):
        raise Refusal(f'The certificate of "{item_id}" states what no certificate can.')


def _check_sampling(sampling: Sampling, samples: int, item_id: str) -> None:
    fits = _is_part(sampling.rows, sampling.weights, samples)
    if sampling.test_rows is not None and sampling.test_weights is not None:
        fits = fits and _is_part(sampling.test_rows, sampling.test_weights, None)
    if not fits or (sampling.test_rows is None) != (sampling.test_weights is None):
        raise Refusal(f'The part of the samples that "{item_id}" rests on is none of its data.')


def _is_part(rows: FloatArray, weights: FloatArray, samples: int | None) -> bool:
    """Whether these are whole numbers of samples, each with a finite weight."""
    most = np.inf if samples is None else samples
    whole = bool((np.isfinite(rows) & (rows >= 0) & (rows < most) & (rows == np.floor(rows))).all())
    return len(rows) == len(weights) > 0 and whole and bool(np.isfinite(weights).all())
