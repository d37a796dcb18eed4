"""What any other reader of HDF5 finds in a session file."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.session.document import Document
from core.session.files import save_document
from core.session.names import link_name, name_of_link
from tests import documents


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plain") / "session.corrie.h5"
    save_document(documents.document(), path)
    return path


def test_the_root_says_what_the_file_is(session: Path) -> None:
    with h5py.File(session) as file:
        assert file.attrs["format"] == "corrie-session"
        assert (file.attrs["schema_version"], file.attrs["min_reader_version"]) == (2, 1)
        assert file.attrs["document_id"] == documents.document().document_id
        assert {"app_version", "created_utc", "saved_utc"} <= set(file.attrs)


def test_a_surface_is_a_nexus_plot(session: Path) -> None:
    surface = documents.surface()
    with h5py.File(session) as file:
        group = file["surfaces/surface-0"]
        assert (group.attrs["NX_class"], group.attrs["signal"]) == ("NXdata", "loss")
        assert list(group.attrs["axes"]) == ["y", "x"]
        signal = group[group.attrs["signal"]]
        assert signal.shape == tuple(group[axis].size for axis in group.attrs["axes"])
        np.testing.assert_array_equal(signal[()], surface.loss)
        assert signal.attrs["units"] == "nats"
        assert group["evaluated"].dtype == np.uint8
        directions = file["directions"][group.attrs["directions"]]
        assert set(directions["x"]) == set(documents.SHAPES)
        assert directions.attrs["seed"] == surface.request.directions.seed
        assert (directions.attrs["kind"], directions.attrs["norm"]) == ("random", "filter")


def test_requests_and_provenance_are_json_that_others_can_read(session: Path) -> None:
    with h5py.File(session) as file:
        for path in ("surfaces/surface-0", "spectra/spectrum-0", "corrections/correction-0"):
            attributes = file[path].attrs
            assert json.loads(attributes["provenance"])["network_sha256"] == documents.provenance().network_sha256
            assert json.loads(attributes["request"])
            assert attributes["status"] == "complete"
            assert {"encoding-type", "encoding-version", "name", "created_utc"} <= set(attributes)


def test_the_regions_of_a_correction_are_plain_polygons(session: Path) -> None:
    correction = documents.correction()
    with h5py.File(session) as file:
        group = file["corrections/correction-0"]
        np.testing.assert_array_equal(group["regions/0"][()], correction.accepted[0].exterior)
        np.testing.assert_array_equal(group["holes/0"][()], correction.accepted[0].holes[0])
        assert list(group.attrs["features"]) == ["Duration", "Amount"]
        assert group["distance"][()] == correction.distance
        assert group["box"].shape == (2, 2)
        assert group.attrs["proof"] == "proved"


def test_small_arrays_lie_in_one_piece_and_large_ones_are_packed_with_built_in_filters(tmp_path: Path) -> None:
    large = documents.result_item(documents.surface(101, 101), "surface-0", "Large")
    save_document(Document().with_item(large), tmp_path / "s.h5")
    with h5py.File(tmp_path / "s.h5") as file:
        loss, x = file["surfaces/surface-0/loss"], file["surfaces/surface-0/x"]
        assert (loss.compression, loss.compression_opts, loss.shuffle, loss.fletcher32) == ("gzip", 4, True, True)
        assert (x.chunks, x.compression) == (None, None)


def test_every_type_in_the_file_is_one_of_the_format(session: Path) -> None:
    found = set()
    with h5py.File(session) as file:
        file.visititems(lambda _, entry: found.add(entry.dtype) if isinstance(entry, h5py.Dataset) else None)
    numbers = {kind.str for kind in found if kind.kind != "S"}
    assert numbers <= {"<f4", "<f8", "<i4", "<i8", "|u1"}


def test_every_dataset_is_in_the_manifest(session: Path) -> None:
    paths = set()
    with h5py.File(session) as file:
        file.visititems(lambda path, entry: paths.add(path) if isinstance(entry, h5py.Dataset) else None)
        manifest = json.loads(file["manifest"][()])
    assert set(manifest["datasets"]) == paths - {"manifest"}


@pytest.mark.parametrize("name", ["layer1.0.conv1.weight", "Größe", "mit Leerzeichen", "a:b", "α"])
def test_ordinary_names_are_kept_as_they_are(name: str) -> None:
    assert link_name(name) == name


@pytest.mark.parametrize("name", ["a/b", ".", "..", "", "50%", "%2F", "\0", "\udcff", "/", "a\nb"])
def test_names_that_hdf5_cannot_hold_come_back(name: str) -> None:
    assert "/" not in link_name(name)
    assert "\0" not in link_name(name)
    assert link_name(name) not in ("", ".", "..")
    assert name_of_link(link_name(name)) == name
