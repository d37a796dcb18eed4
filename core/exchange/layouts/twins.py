"""A robust network beside its plain twin: spectrum, landscape and attacks, and the differences in numbers."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import fields, replace

import numpy as np

from core.exchange.layouts.losses_by_batch import common_reach, curve_notes, curves_of
from core.exchange.layouts.members import Member, is_along_first, is_whole_hessian, network_members, newest_alike
from core.exchange.layouts.picture import Axis, Missing, Panel, Picture, Series
from core.exchange.layouts.spectra_by_batch import spectra_of, spectrum_notes, spectrum_panel, styles_of
from core.exchange.layouts.twins_table import Pair, Twin, statements, table_of
from core.exchange.layouts.wanted import missing_curve, missing_robustness, missing_spectrum, missing_surface
from core.exchange.words import whole
from core.landscape.curve import Curve
from core.landscape.surface import Surface
from core.robustness.kinds import ALONG_GRADIENT, ATTACK_NAMES
from core.robustness.robustness import Robustness
from core.session.document import Document, Result, ResultItem
from core.spectrum.spectrum import Spectrum

_FIRST_MARK = 2  # of attacks: those before are the networks' own
CHOOSE = "Choose two networks: a plain one, and its twin that was trained to resist attacks."


def members(document: Document) -> tuple[Member, ...]:
    """Networks that came of a training, or have anything to be compared; robust ones last."""
    found = network_members(document, _suits)
    return tuple(sorted(found, key=is_robust))


def is_robust(member: Member) -> bool:
    """Whether its training was robust; what has no run is not known to be."""
    return member.run is not None and member.run.run.request.robust is not None


def default_pair(found: Sequence[Member]) -> tuple[Member, ...]:
    """The plain and the robust network whose recipes agree best; else the first two that were attacked, or are."""
    plain = [member for member in found if not is_robust(member)]
    pairs = [(one, other) for other in found if is_robust(other) for one in plain]
    if pairs:
        return max(pairs, key=lambda pair: _agreement(*pair))
    attacked = [member for member in found if any(_is_attacked(item.result) for item in member.results)]
    return tuple([*attacked, *(member for member in found if member not in attacked)][:2])


def twins_picture(document: Document, chosen: Sequence[Member]) -> Picture:
    """Draw what is there of the two, and say what is missing; of another number of networks nothing."""
    title = "Robust against plain twins"
    if len(chosen) != 2:
        names = tuple(member.name for member in chosen)
        return Picture(kind="twins", title=title, subtitle="", names=names, panels=(), statements=(CHOOSE,))
    spectra, curves = spectra_of(chosen), curves_of(chosen)
    surfaces = newest_alike(chosen, lambda result: isinstance(result, Surface), _plane)
    attacks = newest_alike(chosen, _is_attacked, _attacked)
    pair = _pair(chosen, spectra, curves, attacks)
    known = [twin.spectrum for twin in pair if twin.spectrum is not None]
    lines = [twin.curve for twin in pair if twin.curve is not None]
    both = tuple(item for item in surfaces if item is not None)
    table = table_of(pair)
    return Picture(
        kind="twins",
        title=title,
        subtitle=f"{pair[0].name} and {pair[1].name}: spectrum, landscape and attacks",
        names=tuple(twin.name for twin in pair),
        panels=(spectrum_panel([twin.spectrum for twin in pair]), _curves(pair), *_attack_panels(pair)),
        styles=_styles(pair),
        statements=statements(pair),
        notes=(*spectrum_notes(known)[:-1], *curve_notes(lines)[:-1], *_attack_notes(pair)),
        missing=_missing(chosen, document, spectra, curves, surfaces, attacks),
        table=table,
        rows=(table.head, *table.rows),
        surfaces=both if len(both) == 2 else (),
    )


def _suits(result: Result) -> bool:
    return is_whole_hessian(result) or is_along_first(result) or isinstance(result, Surface) or _is_attacked(result)


def _is_attacked(result: Result) -> bool:
    """Attacks on the network itself: those made on another network tell of both."""
    return isinstance(result, Robustness) and not result.request.made_on


def _agreement(one: Member, other: Member) -> int:
    """Fields of the recipes that are the same, and more than all of them for one architecture and one sweep."""
    if one.run is None or other.run is None:
        return 0
    first, second = one.run.run.request, other.run.run.request
    same = sum(bool(getattr(first, field.name) == getattr(second, field.name)) for field in fields(first))
    alike = one.run.sweep == other.run.sweep and one.run.sweep != ""
    return same + 100 * (first.architecture == second.architecture) + 50 * alike


def _pair(
    chosen: Sequence[Member],
    spectra: Sequence[ResultItem | None],
    curves: Sequence[ResultItem | None],
    attacks: Sequence[ResultItem | None],
) -> Pair:
    found = [curve.result for curve in curves if curve is not None and isinstance(curve.result, Curve)]
    reach = common_reach(found)
    made = []
    for member, spectrum, curve, attack in zip(chosen, spectra, curves, attacks, strict=True):
        made.append(
            Twin(
                member=member,
                name=member.name,
                robust=is_robust(member),
                spectrum=spectrum.result if spectrum is not None and isinstance(spectrum.result, Spectrum) else None,
                curve=curve.result if curve is not None and isinstance(curve.result, Curve) else None,
                attacks=attack.result if attack is not None and isinstance(attack.result, Robustness) else None,
                reach=reach,
            )
        )
    if made[0].name == made[1].name:
        made = [replace(twin, name=f"{twin.name} ({twin.member.id})") for twin in made]
    return made[0], made[1]


def _curves(pair: Pair) -> Panel:
    series = []
    for group, twin in enumerate(pair):
        curve = twin.curve
        if curve is None:
            continue
        every = max(1, len(curve.x) // 8)
        series.append(Series(group=group, x=curve.x, y=curve.loss[0], every=every))
        if curve.test_loss is not None:
            series.append(Series(group=group, x=curve.x, y=curve.test_loss[0], label="test", dashed=True, every=0))
    unit = next((twin.curve.loss_unit for twin in pair if twin.curve is not None), "nats")
    return Panel(
        title="Loss along v₁",
        x=Axis(name="t along v₁"),
        y=Axis(name="loss", unit=unit, logarithmic=True),
        series=tuple(series),
        empty="" if series else "no curve yet",
    )


def _attack_panels(pair: Pair) -> list[Panel]:
    known = [twin.attacks for twin in pair if twin.attacks is not None]
    kinds = {kind for found in known for kind in found.request.attacks}
    panels = []
    if kinds - ALONG_GRADIENT or not known:
        axis = Axis(name="ε", unit="data range")
        panels.append(_attack_panel(pair, "Attacks along a sign", axis, along_gradient=False))
    if kinds & ALONG_GRADIENT:
        axis = Axis(name="L2 length", unit="data range")
        panels.append(_attack_panel(pair, "Attacks along a gradient", axis, along_gradient=True))
    return panels


def _attack_panel(pair: Pair, title: str, axis: Axis, *, along_gradient: bool) -> Panel:
    series = []
    for group, twin in enumerate(pair):
        found = twin.attacks
        if found is None:
            continue
        classes = found.right is not None
        values = 100 * found.accuracy if classes else found.loss
        clean = 100 * found.clean_accuracy if classes else found.clean_loss
        low, high = (100 * end for end in found.interval)
        for row, kind in enumerate(found.request.attacks):
            if (kind in ALONG_GRADIENT) is along_gradient:
                x = np.concatenate([[0.0], found.strength[row]])
                y = np.concatenate([[clean], values[row]])
                error = np.concatenate([[np.nan], (high - low)[row] / 2])
                mark = _FIRST_MARK + list(ATTACK_NAMES).index(kind)
                series.append(Series(group=group, x=x, y=y, label=ATTACK_NAMES[kind], mark=mark, error=error))
    empty = "" if series else "no attacks yet"
    numbers = next((found for twin in pair if (found := twin.attacks) is not None and found.right is None), None)
    side = Axis(name="accuracy", unit="%") if numbers is None else Axis(name="mean loss", unit=numbers.loss_unit)
    return Panel(title=title, x=axis, y=side, series=tuple(series), empty=empty)


def _styles(pair: Pair) -> tuple[tuple[str, str], ...]:
    styles = list(styles_of([twin.spectrum for twin in pair if twin.spectrum is not None]))
    if any(twin.curve is not None and twin.curve.test_loss is not None for twin in pair):
        styles = [("train", "line"), ("test", "dashed"), *styles]
    kinds = {kind for twin in pair if twin.attacks is not None for kind in twin.attacks.request.attacks}
    names = enumerate(ATTACK_NAMES.items(), start=_FIRST_MARK)
    return (*styles, *((words, str(mark)) for mark, (kind, words) in names if kind in kinds))


def _attack_notes(pair: Pair) -> tuple[str, ...]:
    known = [twin.attacks for twin in pair if twin.attacks is not None]
    if not known:
        return ()
    samples = sorted({found.samples for found in known})
    notes = [f"Attacks on {' or '.join(map(whole, samples))} samples; whiskers: half of the 95 % interval (Wilson)."]
    if len(known) == 2:
        notes.append("Errors of differences as if of different samples: on the same ones they are smaller.")
    if len(known) == 2 and _attacked(known[0]) != _attacked(known[1]):
        notes.append("The attacks differ in their samples, kinds or strengths; only what both have is compared.")
    return tuple(notes)


def _missing(
    chosen: Sequence[Member],
    document: Document,
    spectra: Sequence[ResultItem | None],
    curves: Sequence[ResultItem | None],
    surfaces: Sequence[ResultItem | None],
    attacks: Sequence[ResultItem | None],
) -> tuple[Missing, ...]:
    def other(items: Sequence[ResultItem | None]) -> ResultItem | None:
        return next((item for item in items if item is not None), None)

    makers: tuple[tuple[Sequence[ResultItem | None], Callable[[Member, int], Missing]], ...] = (
        (spectra, lambda member, _: missing_spectrum(member, document, other(spectra))),
        (curves, lambda member, place: missing_curve(member, document, spectra[place], other(curves))),
        (surfaces, lambda member, _: missing_surface(member, document, other(surfaces))),
        (attacks, lambda member, _: missing_robustness(member, document, other(attacks))),
    )
    return tuple(
        make(member, place) for items, make in makers for place, member in enumerate(chosen) if items[place] is None
    )


def _plane(result: Result) -> Hashable:
    assert isinstance(result, Surface)  # noqa: S101  only such are asked about
    return result.request


def _attacked(result: Result) -> Hashable:
    assert isinstance(result, Robustness)  # noqa: S101  only such are asked about
    made = result.provenance
    return made.data_sha256, result.samples, result.request.attacks, tuple(result.epsilon.tolist()), result.made_on
