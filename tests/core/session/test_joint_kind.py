"""Corrections in several features in a session file."""

from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.corrections.records.freedom import Freedom
from core.corrections.records.joint import FoundChange, JointCorrection
from core.errors import SessionError
from core.session.document import Document
from core.session.files import open_document, open_session, save_document
from tests import documents
from tests.joints import joint
from tests.sameness import differences

NOTHING = FoundChange(point=None, levels=(), distance=None, lower_bound=np.inf, proof="none_exists", closed=True)


def saved(found: JointCorrection, folder: Path) -> tuple[Document, Path]:
    path = folder / "session.corrie.h5"
    document = documents.document().with_item(documents.result_item(found, "joint-0", "In three features"))
    save_document(document, path)
    return document, path


def without_numbers() -> JointCorrection:
    found = joint()
    freedom = Freedom(numbers=(), moves=(), categories=found.request.freedom.categories)
    nearest = replace(found.nearest, point=np.zeros(0), half_width=np.zeros(0))
    return replace(
        found, request=replace(found.request, freedom=freedom), nearest=nearest, box=None, others=(), along=()
    )


@pytest.mark.parametrize(
    "found",
    [
        joint(),
        joint("partial"),
        replace(joint(), nearest=replace(joint().nearest, half_width=np.array([2.0, 0.0]))),
        replace(joint(), nearest=NOTHING, box=None, others=(), tradeoff=np.zeros((0, 3)), along=(), value=2.5),
        without_numbers(),
    ],
    ids=["complete", "partial", "some exactly known", "none exists", "categories alone"],
)
def test_a_correction_comes_back_the_same_beside_one_of_two_features(found: JointCorrection, tmp_path: Path) -> None:
    document, path = saved(found, tmp_path)
    opened = open_session(path)
    assert differences(opened.document, document) == []
    assert opened.unknown == ()


def test_a_file_from_before_the_corrections_along_the_curve_were_kept_is_read(tmp_path: Path) -> None:
    _, path = saved(replace(joint(), along=()), tmp_path)
    with h5py.File(path) as file:
        assert "along" not in file["corrections/joint-0"]
    found = open_document(path).items["joint-0"].result
    assert isinstance(found, JointCorrection)
    assert (len(found.tradeoff), found.along) == (4, ())


def test_corrections_that_are_not_those_of_the_curve_are_refused(tmp_path: Path) -> None:
    _, path = saved(joint(), tmp_path)
    with h5py.File(path, "r+") as file:
        file["corrections/joint-0/along/1/lower_bound"][...] = 0.1
    with pytest.raises(SessionError):
        open_document(path)


def test_it_lies_among_the_corrections_with_its_arrays_by_name(tmp_path: Path) -> None:
    _, path = saved(joint(), tmp_path)
    with h5py.File(path) as file:
        group = file["corrections/joint-0"]
        assert group.attrs["encoding-type"] == "corrie-joint-correction"
        assert group.attrs["features"].tolist() == ["Duration", "Amount", "Housing"]
        assert group.attrs["proof"] == "proved"
        assert group["stable_centre"][()].tolist() == [36.0, 9000.0]
        assert group["box"].shape == (2, 2)
        assert group["half_width"][()].tolist() == [2.0, 500.0]
        assert (float(group["lower_bound"][()]), float(group["distance"][()])) == (0.38, 0.404)


@pytest.mark.parametrize(("where", "value"), [("levels", 9), ("box_levels", -1)])
def test_a_level_that_there_is_not_is_refused(where: str, value: int, tmp_path: Path) -> None:
    _, path = saved(joint(), tmp_path)
    with h5py.File(path, "r+") as file:
        file[f"corrections/joint-0/{where}"][...] = value
    with pytest.raises(SessionError):
        open_document(path)
