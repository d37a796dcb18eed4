"""A document as a session file."""

import io
from collections.abc import Callable
from typing import Any

from core import __version__
from core.corrections.records.cases import Cases
from core.corrections.records.correction import Correction
from core.corrections.records.joint import JointCorrection
from core.corrections.records.pairs import Pairs
from core.generalisation.complexity import Complexity
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.robustness.robustness import Robustness
from core.session import layout
from core.session.copying import Copies
from core.session.document import DatasetItem, Document, Item, NetworkItem, ResultItem, RunItem, utc_now
from core.session.group_writer import GroupWriter
from core.session.hdf5 import h5py
from core.session.image import DiskImage
from core.session.json_text import to_json
from core.session.kinds.cases import write_cases
from core.session.kinds.complexity import write_complexity
from core.session.kinds.convexity import write_convexity
from core.session.kinds.corrections import write_correction
from core.session.kinds.curves import write_curve
from core.session.kinds.datasets import write_dataset
from core.session.kinds.directions import DirectionsWriter
from core.session.kinds.histories import write_history
from core.session.kinds.initialisations import write_initialisations
from core.session.kinds.joint_corrections import write_joint
from core.session.kinds.networks import write_network
from core.session.kinds.notes import write_notes
from core.session.kinds.pairs import write_pairs
from core.session.kinds.robustness import write_robustness
from core.session.kinds.runs import write_run
from core.session.kinds.spectra import write_spectrum
from core.session.kinds.surfaces import write_surface
from core.session.kinds.trajectories import write_trajectory
from core.session.manifest import Manifest
from core.session.nexus import write_way_to_plot
from core.session.refusal import Refusal
from core.spectrum.history import History
from core.spectrum.spectrum import Spectrum


def session_image(document: Document) -> bytes:
    """The bytes of a session file.

    Raises
    ------
    Refusal
        If the document holds something that a session file cannot.
    """
    memory = io.BytesIO()
    write_session(document, DiskImage(memory), Copies())
    return memory.getvalue()


def write_session(document: Document, image: DiskImage, copies: Copies) -> None:
    """Write a session into an empty file.

    Parameters
    ----------
    copies : Copies
        What may be copied from other files; in the end, what was.

    Raises
    ------
    Refusal
        If the document holds something that a session file cannot.
    SessionError
        If something in it was never read, and cannot be any more.
    OSError
        What the disk said.
    """
    manifest = Manifest()
    _write(document, image, manifest, copies)
    if manifest.unpacked_bytes > layout.most_unpacked(image.length):
        # Arrays of nearly nothing but one value pack so well that a reader would take the file for a bomb.
        image.truncate(0)
        copies.pieces.clear()
        _write(document, image, Manifest(packed=False), copies)
    image.check()
    check_length(image)


def check_length(image: DiskImage) -> None:
    """Raise `Refusal` for a file that is longer than a session may be."""
    if image.length > layout.LARGEST_SESSION:
        raise Refusal(
            f"The session takes {image.length:,} bytes, too much for one file.", "Keep data sets outside of it."
        )


def _write(document: Document, image: DiskImage, manifest: Manifest, copies: Copies) -> None:
    with h5py.File(image, "w", track_order=True) as file:
        root = GroupWriter(file, manifest, copies=copies)
        _write_identity(root, document)
        _write_items(root, document)
        write_notes(root.group(layout.NOTES), document.notes)
        root.long_text(layout.VIEW, to_json(document.view))
        root.long_text(layout.MANIFEST, manifest.as_json())


def _write_identity(root: GroupWriter, document: Document) -> None:
    root.text("format", layout.FORMAT)
    root.number("schema_version", layout.SCHEMA_VERSION)
    root.number("min_reader_version", layout.MIN_READER_OF_NOTES if document.notes else layout.MIN_READER_VERSION)
    root.text("app_version", __version__)
    root.text("document_id", document.document_id)
    root.text("created_utc", document.created_utc)
    root.text("saved_utc", utc_now())
    # Groups keep the order of their own members; this is the order across all kinds.
    root.json(layout.ORDER, list(document.items))


def _write_items(root: GroupWriter, document: Document) -> None:
    groups = {name: root.group(name) for name in layout.KINDS}
    directions = DirectionsWriter(groups[layout.DIRECTIONS])
    kind_groups: dict[str, str] = {}  # by item
    for item_id, item in document.items.items():
        if item.id != item_id:
            raise Refusal(
                f'The item "{item.id}" is filed under "{item_id}".', "Report this: it is a mistake in Corrie."
            )
        kind = kind_groups[item_id] = _kind_of(item)
        _write_item(groups[kind].group(item_id), kind, item, directions)
    write_way_to_plot(root, groups, kind_groups, document.view)


def _kind_of(item: Item) -> str:
    """The group an item belongs in."""
    thing = type(item.result) if isinstance(item, ResultItem) else type(item)
    if thing not in _KINDS:
        raise Refusal(f'"{item.name}" is of a kind that cannot be saved.', "Report this: it is a mistake in Corrie.")
    return _KINDS[thing]


def _write_item(writer: GroupWriter, kind: str, item: Any, directions: DirectionsWriter) -> None:
    if kind in _ITEMS:
        _ITEMS[kind](writer, item)
    elif kind in _RESULTS:
        _RESULTS[kind](writer, item, item.result)
    else:
        _PLANES[kind](writer, item, item.result, directions)


def _write_any_correction(writer: GroupWriter, item: ResultItem, result: Correction | JointCorrection) -> None:
    if isinstance(result, Correction):
        write_correction(writer, item, result)
    else:
        write_joint(writer, item, result)


_KINDS: dict[type, str] = {
    NetworkItem: layout.NETWORKS,
    DatasetItem: layout.DATASETS,
    RunItem: layout.RUNS,
    Surface: layout.SURFACES,
    Curve: layout.CURVES,
    Trajectory: layout.TRAJECTORIES,
    Convexity: layout.CONVEXITY,
    Initialisations: layout.INITIALISATIONS,
    Spectrum: layout.SPECTRA,
    Robustness: layout.ROBUSTNESS,
    Complexity: layout.COMPLEXITY,
    History: layout.HISTORIES,
    Correction: layout.CORRECTIONS,
    JointCorrection: layout.CORRECTIONS,
    Pairs: layout.PAIRS,
    Cases: layout.CASES,
}
_ITEMS: dict[str, Callable[[GroupWriter, Any], None]] = {
    layout.NETWORKS: write_network,
    layout.DATASETS: write_dataset,
    layout.RUNS: write_run,
}
_RESULTS: dict[str, Callable[[GroupWriter, ResultItem, Any], None]] = {
    layout.INITIALISATIONS: write_initialisations,
    layout.SPECTRA: write_spectrum,
    layout.ROBUSTNESS: write_robustness,
    layout.COMPLEXITY: write_complexity,
    layout.HISTORIES: write_history,
    layout.CORRECTIONS: _write_any_correction,
    layout.PAIRS: write_pairs,
    layout.CASES: write_cases,
}
_PLANES: dict[str, Callable[[GroupWriter, ResultItem, Any, DirectionsWriter], None]] = {
    layout.SURFACES: write_surface,
    layout.CURVES: write_curve,
    layout.TRAJECTORIES: write_trajectory,
    layout.CONVEXITY: write_convexity,
}
