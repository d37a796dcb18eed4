"""From a session and a wish to a layout: the one call that the window and the command line share."""

from collections.abc import Callable, Sequence

from core.errors import InvalidRequest
from core.exchange.layouts import losses_by_batch, spectra_by_batch, through_training, twins
from core.exchange.layouts.members import Member, chosen_of
from core.exchange.layouts.picture import Kind, Picture
from core.session.document import Document, RunItem

_MEMBERS: dict[Kind, Callable[[Document], tuple[Member, ...]]] = {
    "figure3": spectra_by_batch.members,
    "figure4": losses_by_batch.members,
    "figure5": through_training.members,
    "twins": twins.members,
}
_PICTURES: dict[Kind, Callable[[Document, Sequence[Member]], Picture]] = {
    "figure3": spectra_by_batch.spectra_picture,
    "figure4": losses_by_batch.losses_picture,
    "figure5": through_training.training_picture,
    "twins": twins.twins_picture,
}
NOTHING: dict[Kind, str] = {
    "figure3": "The session has no network that came of a training, and none with a spectrum.",
    "figure4": "The session has no network that came of a training, and none with a loss along an eigenvector.",
    "figure5": "The session has no training, and no curvature through one.",
    "twins": "The session has not two networks that came of trainings or were measured.",
}


def members_of(kind: Kind, document: Document) -> tuple[Member, ...]:
    """Everybody who could take part, in the order of the layout."""
    return _MEMBERS[kind](document)


def default_choice(kind: Kind, members: Sequence[Member]) -> tuple[str, ...]:
    """Ids of who takes part unless somebody wishes otherwise: all; of twins the pair that fits best."""
    return tuple(member.id for member in (twins.default_pair(members) if kind == "twins" else members))


def lay_out(kind: Kind, document: Document, chosen: Sequence[str] | None = None) -> Picture:
    """The layout of these members, given by their ids; of `default_choice` without."""
    members = members_of(kind, document)
    ids = default_choice(kind, members) if chosen is None else chosen
    return _PICTURES[kind](document, chosen_of(members, ids))


def found_members(kind: Kind, document: Document, wanted: Sequence[str]) -> tuple[str, ...] | None:
    """Ids of members by names, ids, runs or sweeps; None for no wish.

    Raises
    ------
    InvalidRequest
        If one of them is nobody who could take part.
    """
    if not wanted:
        return None
    members = members_of(kind, document)
    found: list[str] = []
    for wish in wanted:
        ids = [member.id for member in members if wish in _known_as(member)]
        if not ids:
            names = ", ".join(member.name for member in members) or "nobody"
            raise InvalidRequest(f'"{wish}" is no network or training that this layout could show. There are: {names}.')
        found += [id_ for id_ in ids if id_ not in found]
    return tuple(found)


def _known_as(member: Member) -> set[str]:
    run: RunItem | None = member.run
    names = {member.id, member.name}
    if run is not None:
        names |= {run.id, run.name, run.sweep} - {""}
    if member.network is not None:
        names |= {member.network.id, member.network.name}
    return names
