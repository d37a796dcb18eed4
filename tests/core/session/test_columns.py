"""Arrays of a record side by side in a file: those it may lack are None, any other that is missing refuses it."""

from pathlib import Path

import pytest

from core.errors import SessionError
from core.landscape.curve import Curve
from core.session.document import Document
from core.session.files import open_document
from core.session.hdf5 import h5py
from core.session.write import session_image
from tests import documents
from tests.hostile import changed

TEN_DRAWS = "curve-1"


def without(folder: Path, *names: str) -> Document:
    """What opens of a session whose curve along ten directions lacks these arrays."""

    def remove(file: h5py.File) -> None:
        for name in names:
            del file[f"curves/{TEN_DRAWS}"][name]

    path = folder / "s.corrie.h5"
    path.write_bytes(changed(session_image(documents.landscape_document()), remove))
    return open_document(path)


def test_a_measure_on_a_test_set_may_be_missing(tmp_path: Path) -> None:
    opened = without(tmp_path, "test_accuracy", "test_accuracy_draws")
    curve = next(item.result for item in opened.results if item.id == TEN_DRAWS)
    assert isinstance(curve, Curve)
    assert curve.test_accuracy is None
    assert curve.test_loss is not None


@pytest.mark.parametrize("name", ["train_loss", "train_accuracy", "train_accuracy_draws", "test_loss_draws"])
def test_any_other_array_that_is_missing_refuses_the_file(name: str, tmp_path: Path) -> None:
    with pytest.raises(SessionError, match=name):
        without(tmp_path, name)
