"""A document as the bytes of a session file."""

from collections.abc import Callable

from core import __version__
from core.corrections.correction import Correction
from core.landscape.surface import Surface
from core.session import layout
from core.session.document import DatasetItem, Document, Item, NetworkItem, RunItem, utc_now
from core.session.group_writer import GroupWriter
from core.session.hdf5 import h5py
from core.session.json_text import to_json
from core.session.kinds.corrections import write_correction
from core.session.kinds.datasets import write_dataset
from core.session.kinds.directions import DirectionsWriter
from core.session.kinds.networks import write_network
from core.session.kinds.runs import write_run
from core.session.kinds.spectra import write_spectrum
from core.session.kinds.surfaces import write_surface
from core.session.manifest import Manifest
from core.session.refusal import Refusal
from core.spectrum.spectrum import Spectrum


def session_image(document: Document) -> bytes:
    """The whole file, made in memory.

    HDF5 never writes to the disk itself: when the disk is full it cannot close the file, and then crashes the process
    (measured with h5py 3.16, HDF5 2.0). Our own writing of the finished bytes fails with an ordinary error.

    Raises
    ------
    Refusal
        If the document holds something that a session file cannot.
    """
    # driver "core" keeps the file in memory; it grows by 16 MB at a time
    memory = {"driver": "core", "backing_store": False, "block_size": 16 * 2**20}
    with h5py.File("session", "w", track_order=True, **memory) as file:
        manifest = Manifest()
        root = GroupWriter(file, manifest)
        _write_identity(root, document)
        _write_items(root, document)
        root.long_text(layout.VIEW, to_json(document.view))
        root.long_text(layout.MANIFEST, manifest.as_json())
        file.flush()
        image: bytes = file.id.get_file_image()
    if len(image) > layout.LARGEST_SESSION:
        raise Refusal(
            f"The session takes {len(image):,} bytes, too much for one file.", "Keep data sets outside of it."
        )
    return image


def _write_identity(root: GroupWriter, document: Document) -> None:
    root.text("format", layout.FORMAT)
    root.number("schema_version", layout.SCHEMA_VERSION)
    root.number("min_reader_version", layout.MIN_READER_VERSION)
    root.text("app_version", __version__)
    root.text("document_id", document.document_id)
    root.text("created_utc", document.created_utc)
    root.text("saved_utc", utc_now())
    # Groups keep the order of their own members; this is the order across all kinds.
    root.json(layout.ORDER, list(document.items))


def _write_items(root: GroupWriter, document: Document) -> None:
    groups = {name: root.group(name) for name in (layout.NETWORKS, layout.DATASETS, layout.DIRECTIONS)}
    groups |= {name: root.group(name) for name in (layout.SURFACES, layout.SPECTRA, layout.CORRECTIONS, layout.RUNS)}
    directions = DirectionsWriter(groups[layout.DIRECTIONS])
    for item_id, item in document.items.items():
        if item.id != item_id:
            raise Refusal(
                f'The item "{item.id}" is filed under "{item_id}".', "Report this: it is a mistake in Corrie."
            )
        kind, write = _writer_of(item, directions)
        write(groups[kind].group(item_id))


def _writer_of(item: Item, directions: DirectionsWriter) -> tuple[str, Callable[[GroupWriter], None]]:
    """The group an item belongs in, and what writes it there."""
    if isinstance(item, NetworkItem):
        return layout.NETWORKS, lambda writer: write_network(writer, item)
    if isinstance(item, DatasetItem):
        return layout.DATASETS, lambda writer: write_dataset(writer, item)
    if isinstance(item, RunItem):
        return layout.RUNS, lambda writer: write_run(writer, item)
    result = item.result
    if isinstance(result, Surface):
        return layout.SURFACES, lambda writer: write_surface(writer, item, result, directions)
    if isinstance(result, Spectrum):
        return layout.SPECTRA, lambda writer: write_spectrum(writer, item, result)
    if isinstance(result, Correction):
        return layout.CORRECTIONS, lambda writer: write_correction(writer, item, result)
    raise Refusal(f'"{item.name}" is of a kind that cannot be saved.', "Report this: it is a mistake in Corrie.")
