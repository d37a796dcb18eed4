"""Spectra in a session file: the names that others rely on, and files from before there were densities and layers."""

import json
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.errors import SessionError
from core.session.document import Document
from core.session.files import open_document, save_document
from core.session.json_text import from_json
from core.spectrum.spectrum import Audit, BegunSearch, Spectrum
from tests import documents
from tests.sameness import differences


def saved(spectrum: Spectrum, folder: Path) -> Path:
    path = folder / "session.corrie.h5"
    save_document(Document().with_item(documents.result_item(spectrum, "spectrum-0", "A spectrum")), path)
    return path


def test_the_names_of_the_format_are_in_the_file(tmp_path: Path) -> None:
    spectrum = documents.whole_spectrum()
    with h5py.File(saved(spectrum, tmp_path)) as file:
        group = file["spectra/spectrum-0"]
        assert set(json.loads(group.attrs["audit"])) == {"restart_steps", "missed", "miss_probability"}
        assert group["trace"][()] == spectrum.trace.value
        x, y = group["density_x"][:], group["density_y"][:]
        sampling = from_json(group.attrs["sampling"])
        assert json.loads(group["layers"].attrs["layer"]) == ["1", "3"]
    assert np.isclose(np.trapezoid(y, x), 1, atol=1e-3)
    assert x[0] < spectrum.eigenvalues.min()
    assert x[-1] > spectrum.eigenvalues.max()
    assert sampling["standard_error"] == spectrum.sampling.standard_error.tolist()
    assert sampling["population"] == 400


@pytest.mark.parametrize("lacks", ["density", "trace", "layer_table", "sampling"])
def test_a_spectrum_with_some_of_the_parts_comes_back_the_same(lacks: str, tmp_path: Path) -> None:
    spectrum = replace(documents.whole_spectrum(), **{lacks: () if lacks == "layer_table" else None})
    path = saved(spectrum, tmp_path)
    document = Document().with_item(documents.result_item(spectrum, "spectrum-0", "A spectrum"))
    assert differences(open_document(path).items, document.items) == []


def begun(*, settled: bool = False) -> BegunSearch:
    numbers, held = np.random.default_rng(2), 5
    rows = held + (0 if settled else 1)
    return BegunSearch(
        directions=numbers.standard_normal((rows, documents.PARAMETERS)).astype(np.float32),
        projected=numbers.standard_normal((held, held)),
        coupling=numbers.standard_normal(held),
        products=9,
        draws=2,
        settled=settled,
    )


def stopped(search: BegunSearch) -> Spectrum:
    return replace(documents.spectrum(vectors=False), status="partial", audit=None, begun=search)


@pytest.mark.parametrize("settled", [False, True])
def test_a_search_that_was_stopped_comes_back_the_same(*, settled: bool, tmp_path: Path) -> None:
    spectrum = stopped(begun(settled=settled))
    path = saved(spectrum, tmp_path)
    document = Document().with_item(documents.result_item(spectrum, "spectrum-0", "A spectrum"))
    assert differences(open_document(path).items, document.items) == []


@pytest.mark.parametrize(
    "change",
    [
        {"directions": np.zeros((4, documents.PARAMETERS), np.float32)},
        {"directions": np.zeros((7, documents.PARAMETERS), np.float32)},
        {"directions": np.zeros((6, documents.PARAMETERS))},
        {"projected": np.zeros((5, 4))},
        {"coupling": np.zeros((5, 1))},
    ],
    ids=["few", "many", "wide", "askew", "deep"],
)
def test_a_search_whose_parts_do_not_fit_together_is_refused(change: dict[str, np.ndarray], tmp_path: Path) -> None:
    spoilt = stopped(replace(begun(), **change))  # type: ignore[arg-type]
    with pytest.raises(
        SessionError, match=r"directions as couplings|which is wrong"
    ):  # a file is read before it counts
        saved(spoilt, tmp_path)


def test_an_audit_by_the_names_of_earlier_files_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = {"products": 20, "missed": 1, "miss_probability": 0.25}
    monkeypatch.setattr("core.session.kinds.spectra._audit_table", lambda _: earlier)
    found = open_document(saved(documents.spectrum(), tmp_path)).items["spectrum-0"].result
    assert found.audit == Audit(products=20, missed=1, miss_probability=0.25)


def test_a_file_from_before_there_were_parts_opens_without_them(tmp_path: Path) -> None:
    plain = documents.spectrum()
    path = saved(plain, tmp_path)
    with h5py.File(path) as file:
        names = set(file["spectra/spectrum-0"]) | set(file["spectra/spectrum-0"].attrs)
    assert not names & {"density_x", "density_nodes", "trace", "layers", "sampling"}
    found = open_document(path).items["spectrum-0"].result
    assert (found.density, found.trace, found.layer_table, found.sampling) == (None, None, (), None)
