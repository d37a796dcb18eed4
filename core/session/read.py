"""A session file, opened by HDF5 already, as a document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.session import layout
from core.session.document import Document, Item
from core.session.group_reader import GroupReader, Later, Reading
from core.session.guard import Allowance, check_dataset, guarded_attributes, guarded_child
from core.session.hdf5 import h5py
from core.session.json_text import from_json
from core.session.kinds.cases import read_cases
from core.session.kinds.complexity import read_complexity
from core.session.kinds.convexity import read_convexity
from core.session.kinds.corrections import read_correction
from core.session.kinds.curves import read_curve
from core.session.kinds.datasets import read_dataset
from core.session.kinds.directions import DirectionsReader
from core.session.kinds.histories import read_history
from core.session.kinds.initialisations import read_initialisations
from core.session.kinds.joint_corrections import ENCODING as JOINT
from core.session.kinds.joint_corrections import read_joint
from core.session.kinds.networks import read_network
from core.session.kinds.notes import read_notes
from core.session.kinds.pairs import read_pairs
from core.session.kinds.robustness import read_robustness
from core.session.kinds.runs import read_run
from core.session.kinds.spectra import read_spectrum
from core.session.kinds.surfaces import read_surface
from core.session.kinds.trajectories import read_trajectory
from core.session.manifest import ManifestCheck
from core.session.migrations.chain import may_lack, migrated
from core.session.migrations.parts import Parts
from core.session.refusal import Refusal
from core.session.tree import check_tree


@dataclass(frozen=True, kw_only=True)
class OpenedSession:
    """A document, and what its file held beyond what this version knows."""

    document: Document
    schema_version: int
    app_version: str  # that wrote the file
    unknown: tuple[str, ...]  # parts written by a newer version, which saving over the file would drop

    @property
    def newer(self) -> bool:
        """Whether a newer version wrote the file; then it should not be saved over."""
        return self.schema_version > layout.SCHEMA_VERSION


def read_session(
    file: h5py.File,
    allowance: Allowance,
    later: Callable[[ManifestCheck], Later] | None = None,
    *,
    followed: bool = False,
) -> OpenedSession:
    """Read everything into memory, or what is small.

    Parameters
    ----------
    later : callable, optional
        Given the manifest, makes what reads the large parts when they are asked for. Without, all is read now.
    followed : bool
        Whether all links of these very bytes were followed before, and none was found that may not be.

    Raises
    ------
    Refusal
        If the file is no session, of a later kind, damaged, or built to do harm; the reason names the part.
    """
    with allowance.description_of(""):
        _check_identity(file)
    if not followed:
        check_tree(file)
    manifest = ManifestCheck(manifest_of(file, allowance).decode("ascii"))
    root = GroupReader(file, Reading(manifest, allowance, None if later is None else later(manifest)))
    view = from_json(root.long_text(layout.VIEW))
    if not isinstance(view, dict):
        raise Refusal("Its view cannot be understood.")
    version = root.integer("schema_version")
    parts = Parts(
        document_id=root.text("document_id"),
        created_utc=root.text("created_utc"),
        items=_read_items(root, version),
        order=root.json(layout.ORDER),
        notes=read_notes(root.group(layout.NOTES)) if version >= layout.MIN_READER_OF_NOTES else None,
        view=MappingProxyType(view),
    )
    return OpenedSession(
        document=_document_of(migrated(parts, version)),
        schema_version=version,
        app_version=root.text("app_version"),
        unknown=_unread(file, manifest),
    )


def manifest_of(file: h5py.File, allowance: Allowance) -> bytes:
    """The text of the manifest, as it stands in the file. Raises `Refusal` if there is none."""
    found = guarded_child(file, layout.MANIFEST, layout.MANIFEST)
    dataset = check_dataset(found, layout.MANIFEST, allowance, text=True)
    with allowance.values_of(dataset):
        return bytes(dataset[()])


def _check_identity(file: h5py.File) -> None:
    identity = guarded_attributes(file, "")
    if identity.get("format") != layout.FORMAT:
        raise Refusal(
            "It is an HDF5 file, but not a session of Corrie.", "Choose a file whose name ends in .corrie.h5."
        )
    needed, version = identity.get("min_reader_version"), identity.get("schema_version")
    if not isinstance(needed, int) or not isinstance(version, int):
        raise Refusal("It does not say which version of the format it has.")
    if version < 1:
        raise Refusal(f"It says that it has version {version} of the format, which there never was.")
    if needed > layout.SCHEMA_VERSION:
        raise Refusal(
            f"It needs a reader of version {needed} of the format; this is version {layout.SCHEMA_VERSION}.",
            f"Open it with Corrie {identity.get('app_version', '')} or newer.",
        )


def _document_of(parts: Parts) -> Document:
    return Document(
        document_id=parts.document_id,
        created_utc=parts.created_utc,
        items=MappingProxyType(_in_order(parts.items, parts.order)),
        view=parts.view,
        notes=MappingProxyType({}) if parts.notes is None else parts.notes,
    )


def _read_items(root: GroupReader, version: int) -> dict[str, Item]:
    directions = DirectionsReader(root.group(layout.DIRECTIONS))
    items: dict[str, Item] = {}
    for kind in layout.KINDS:
        if kind == layout.DIRECTIONS or (kind in may_lack(version) and not root.has(kind)):
            continue
        group = root.group(kind)
        for item_id in group.names():
            if item_id in items:
                raise Refusal(f'Two items have the identifier "{item_id}".')
            items[item_id] = _read_item(kind, group.group(item_id), item_id, directions)
    return items


def _read_item(kind: str, reader: GroupReader, item_id: str, directions: DirectionsReader) -> Item:
    if kind in _PLANES:
        return _PLANES[kind](reader, item_id, directions)
    return _ITEMS[kind](reader, item_id)


def _read_any_correction(reader: GroupReader, item_id: str) -> Item:
    """In two features, or in several: the encoding says which."""
    return read_joint(reader, item_id) if reader.text("encoding-type") == JOINT else read_correction(reader, item_id)


_PLANES: dict[str, Callable[[GroupReader, str, DirectionsReader], Item]] = {
    layout.SURFACES: read_surface,
    layout.CURVES: read_curve,
    layout.TRAJECTORIES: read_trajectory,
    layout.CONVEXITY: read_convexity,
}
_ITEMS: dict[str, Callable[[GroupReader, str], Item]] = {
    layout.NETWORKS: read_network,
    layout.DATASETS: read_dataset,
    layout.RUNS: read_run,
    layout.INITIALISATIONS: read_initialisations,
    layout.SPECTRA: read_spectrum,
    layout.ROBUSTNESS: read_robustness,
    layout.COMPLEXITY: read_complexity,
    layout.HISTORIES: read_history,
    layout.CORRECTIONS: _read_any_correction,
    layout.PAIRS: read_pairs,
    layout.CASES: read_cases,
}


def _in_order(items: Mapping[str, Item], order: object) -> dict[str, Item]:
    if not isinstance(order, list) or not all(isinstance(item_id, str) for item_id in order):
        raise Refusal("The order of its items cannot be understood.")
    lost = [item_id for item_id in items if item_id not in set(order)]
    return {item_id: items[item_id] for item_id in [*order, *lost] if item_id in items}


def _unread(file: h5py.File, manifest: ManifestCheck) -> tuple[str, ...]:
    """Parts that this version has no use for. Raises `Refusal` if one is in the manifest but not in the file."""
    unread = manifest.unseen()
    for path in unread:
        found: object = file
        for link in path.split("/"):
            found = guarded_child(found, link, path) if isinstance(found, h5py.Group) else None
    return tuple(unread)
