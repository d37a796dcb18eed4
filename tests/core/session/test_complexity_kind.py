"""Size and sharpness in a session file."""

import json
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.errors import SessionError
from core.generalisation.complexity import Complexity
from core.session.document import Document
from core.session.files import open_document, save_document
from tests import documents
from tests.complexities import LAYERS, begun, complexity
from tests.hostile import of_version_1
from tests.sameness import differences


def saved(found: Complexity, folder: Path) -> tuple[Document, Path]:
    path = folder / "session.corrie.h5"
    document = Document().with_item(documents.result_item(found, "complexity-0", "Size and sharpness"))
    save_document(document, path)
    return document, path


@pytest.mark.parametrize(
    "found",
    [
        complexity(),
        complexity(test=False),
        begun(),
        replace(begun(), layers=()),
        replace(complexity(), path_norm=np.nan, path_reason='Its operation "tanh" …', unlisted=("scale", "é/ß")),
        replace(complexity(), eigenvalue_reason="The Hessian is not finite.", worst_rise=np.inf),
    ],
    ids=["complete", "no test", "begun", "nothing", "no path norm", "not finite"],
)
def test_what_was_measured_comes_back_the_same(found: Complexity, tmp_path: Path) -> None:
    document, path = saved(found, tmp_path)
    assert differences(open_document(path), document) == []


def test_margins_are_a_nexus_plot_and_norms_stand_beside_the_names_of_their_layers(tmp_path: Path) -> None:
    _, path = saved(complexity(), tmp_path)
    with h5py.File(path) as file:
        group = file["complexity/complexity-0"]
        assert (group.attrs["NX_class"], group.attrs["signal"]) == ("NXdata", "margins")
        assert group["margins"].shape == (300,)
        assert json.loads(group.attrs["layers"]) == [layer[0] for layer in LAYERS]
        assert group["spectral"][()].tolist() == [layer[3] for layer in LAYERS]


def test_a_session_from_before_there_was_size_and_sharpness_opens(tmp_path: Path) -> None:
    document = documents.document()
    path = tmp_path / "old.corrie.h5"
    save_document(document, path)
    path.write_bytes(of_version_1(path.read_bytes(), "complexity"))
    assert differences(open_document(path), document) == []


@pytest.mark.parametrize("name", ["margins", "spectral", "layer_parameters"])
def test_a_measurement_that_lacks_a_part_is_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    _, path = saved(complexity(), tmp_path)
    with h5py.File(path, "r+") as file:
        del file["complexity/complexity-0"][name]
    with pytest.raises(SessionError):
        open_document(path)
