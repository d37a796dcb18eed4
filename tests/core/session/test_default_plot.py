"""Other programs find a plot by themselves: ``default`` leads from the root, group by group, to a signal (NeXus)."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import h5py
import pytest

from core.session.document import Document
from core.session.files import save_document
from core.session.nexus import PLOTS
from tests import documents
from tests.core.session.test_earlier_versions import everything


def followed(path: Path) -> str:
    """Where the attribute ``default`` leads to, as silx and h5web follow it; "" where it leads to no plot."""
    with h5py.File(path) as file:
        group, classes = file["/"], []
        while (default := group.attrs.get("default")) is not None:
            classes.append(group.attrs["NX_class"])
            assert "/" not in default
            group = group[default]
        if group.name == "/":
            return ""
        assert [*classes, group.attrs["NX_class"]] == ["NXroot", "NXentry", "NXdata"]
        return str(group.name)


def saved(document: Document, folder: Path, view: dict[str, object] | None = None) -> Path:
    path = folder / "session.corrie.h5"
    save_document(document if view is None else document.with_view(view), path)
    return path


def test_a_session_that_nobody_looked_at_shows_its_first_surface(tmp_path: Path) -> None:
    assert followed(saved(documents.landscape_document(), tmp_path, {})) == "/surfaces/surface-0"


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        ({"selection": "curve-1"}, "/curves/curve-1"),
        ({"shown": ["spectrum-0", "surface-1"]}, "/spectra/spectrum-0"),
        ({"selection": "surface-1", "shown": ["spectrum-0"]}, "/surfaces/surface-1"),
        ({"selection": "network-0"}, "/surfaces/surface-0"),
        ({"selection": "correction-0"}, "/surfaces/surface-0"),
        ({"selection": "nothing"}, "/surfaces/surface-0"),
        ({"selection": 7, "shown": {"a": 1}}, "/surfaces/surface-0"),
    ],
)
def test_what_was_looked_at_is_shown_where_it_is_a_plot(view: dict[str, object], shown: str, tmp_path: Path) -> None:
    assert followed(saved(documents.landscape_document(), tmp_path, view)) == shown


def test_a_session_without_a_plot_leads_nowhere(tmp_path: Path) -> None:
    document = Document().with_item(documents.network_item()).with_item(documents.dataset_item())
    assert followed(saved(document, tmp_path)) == ""


def test_an_item_of_an_unusual_name_is_found(tmp_path: Path) -> None:
    item = replace(documents.document().items["surface-0"], id="a/b .. ü")
    plain = replace(documents.document(), items=MappingProxyType({}), view=MappingProxyType({"selection": item.id}))
    path = saved(plain.with_item(item), tmp_path)
    assert followed(path) == "/surfaces/a%2Fb .. ü"


def test_every_plot_says_what_is_drawn_over_what_and_in_which_words(tmp_path: Path) -> None:
    path = saved(everything(), tmp_path)
    found: set[str] = set()
    with h5py.File(path) as file:
        for kind, group in file.items():
            for item in group.values() if isinstance(group, h5py.Group) else []:
                if item.attrs.get("NX_class") != "NXdata":
                    continue
                found.add(kind)
                signal, axes = item[item.attrs["signal"]], list(item.attrs["axes"])
                assert len(axes) == signal.ndim
                assert signal.attrs["long_name"]
                for length, axis in zip(signal.shape, axes, strict=True):
                    if axis != ".":
                        assert item[axis].shape == (length,)
                        assert item[axis].attrs["long_name"]
                assert group.attrs["default"] in group
    assert found == set(PLOTS)
