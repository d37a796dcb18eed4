"""Which plot other programs show first, as NeXus has it: ``default`` leads from the root to a group with a signal.

The root is an NXroot, each group of items that are plots an NXentry, each of these items an NXdata. silx and h5web
follow the attribute ``default`` from one to the next (NeXus manual, "Find the default plottable data").
"""

from collections.abc import Mapping

from core.session import layout
from core.session.group_writer import GroupWriter
from core.session.names import link_name

PLOTS = (  # groups whose items have a signal; those that are looked at most come first
    layout.SURFACES,
    layout.SPECTRA,
    layout.CURVES,
    layout.TRAJECTORIES,
    layout.CONVEXITY,
    layout.RUNS,
    layout.HISTORIES,
    layout.ROBUSTNESS,
    layout.COMPLEXITY,
    layout.INITIALISATIONS,
    layout.CASES,
    layout.PAIRS,
)


def write_way_to_plot(
    root: GroupWriter, groups: Mapping[str, GroupWriter], kinds: Mapping[str, str], view: Mapping[str, object]
) -> None:
    """Lead from the root to the plot that was looked at last, or else to the first one.

    Parameters
    ----------
    groups : mapping
        The groups of the session by name.
    kinds : mapping
        The group of each item, by item, in the order of the document.
    """
    root.text("NX_class", "NXroot")
    looked_at = _looked_at(view)
    first: dict[str, str] = {}  # item to be shown, by group
    for item_id, kind in kinds.items():
        if kind in PLOTS and (kind not in first or item_id == looked_at):
            first[kind] = item_id
    for kind, item_id in first.items():
        groups[kind].text("NX_class", "NXentry")
        groups[kind].text("default", link_name(item_id))
    shown = kinds.get(looked_at, "")
    if shown not in first:
        shown = next((kind for kind in PLOTS if kind in first), "")
    if shown:
        root.text("default", shown)


def _looked_at(view: Mapping[str, object]) -> str:
    """The item that was selected, or that the first page in front showed."""
    selected, shown = view.get("selection"), view.get("shown")
    if isinstance(selected, str):
        return selected
    return str(shown[0]) if isinstance(shown, list | tuple) and shown else ""
