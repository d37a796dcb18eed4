"""What is saved comes back the same, down to the last bit."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.corrections.records.correction import Box, Correction, CorrectionRequest
from core.landscape.plane import RandomDirections
from core.landscape.surface import SurfaceRequest
from core.provenance import Provenance
from core.session.document import Document, Item, NetworkItem, Result
from core.session.files import open_document, save_document
from core.session.json_text import record_from_table, record_to_table
from core.spectrum.spectrum import Audit
from tests import documents
from tests.sameness import differences

ANY_TEXT = st.text(st.characters() | st.characters(categories=["Cs"]) | st.sampled_from('\0/."%'), max_size=12)
ANY_FLOAT = st.floats(allow_nan=True, allow_infinity=True)
DTYPES = ["<f4", "<f8", "<f2", "|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", ">f4", ">i8"]
quick = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def reopened(document: Document, folder: Path) -> Document:
    path = folder / "session.corrie.h5"
    save_document(document, path)
    return open_document(path)


def alone(item: Item) -> Document:
    return Document().with_item(item)


def same_after_saving(result: Result, folder: Path) -> list[str]:
    document = alone(documents.result_item(result, "result-0", "A result"))
    return differences(reopened(document, folder), document)


def test_a_whole_document_comes_back_the_same_with_its_items_in_order(tmp_path: Path) -> None:
    document = documents.document()
    assert differences(reopened(document, tmp_path), document) == []


def test_an_empty_document_comes_back_the_same(tmp_path: Path) -> None:
    document = Document()
    assert differences(reopened(document, tmp_path), document) == []


def test_items_keep_the_order_in_which_they_were_added_across_and_within_kinds(tmp_path: Path) -> None:
    document = Document()
    for item_id in ("zebra", "apple", "mango"):
        document = document.with_item(documents.dataset_item(f"{item_id}-data", kept=False))
        document = document.with_item(documents.network_item(item_id))
    assert list(reopened(document, tmp_path).items) == list(document.items)


@pytest.mark.parametrize(
    "result",
    [
        documents.surface(),
        documents.surface(status="partial"),
        documents.surface(120, 110),  # large enough to be compressed
        documents.spectrum(),
        documents.spectrum(vectors=False),
        documents.whole_spectrum(),
        replace(documents.spectrum(), audit=None, status="partial"),
        documents.correction(),
        documents.impossible_correction(),
        documents.explained_correction(),
        replace(
            documents.explained_correction(),
            request=replace(documents.correction_request(), norm="Linf"),
            triangle=replace(documents.explained_correction().triangle, centre=None, distance=None),
        ),
        replace(documents.explained_correction(), tradeoff=documents.tradeoff_without_room()),
        replace(documents.correction(), status="partial", proof="sampled", lower_bound=None),
    ],
    ids=lambda result: f"{type(result).__name__} {result.status}",
)
def test_a_result_comes_back_the_same(result: Result, tmp_path: Path) -> None:
    assert same_after_saving(result, tmp_path) == []


@pytest.mark.parametrize(
    "item",
    [
        documents.network_item(),
        documents.program_item(),
        documents.dataset_item(),
        documents.dataset_item(kept=False),
        replace(documents.dataset_item(), features=None, name="Renamed"),
    ],
)
def test_a_network_or_data_set_comes_back_the_same(item: Item, tmp_path: Path) -> None:
    document = alone(item)
    back = reopened(document, tmp_path)
    assert differences(back, document) == []
    for kept in back.datasets:
        assert kept.data is None or kept.data.sha256 == kept.sha256


def test_values_that_are_not_finite_survive_in_arrays_in_attributes_and_in_requests(tmp_path: Path) -> None:
    surface = documents.surface()
    loss = surface.loss.copy()
    loss[0, :3] = np.nan, -np.inf, -0.0
    request = replace(surface.request, display_limit=np.inf)
    assert same_after_saving(replace(surface, loss=loss, request=request, centre_loss=np.nan), tmp_path) == []
    audit = Audit(products=3, missed=0, miss_probability=np.nan)
    assert same_after_saving(replace(documents.spectrum(), audit=audit), tmp_path) == []


def test_surfaces_in_the_same_plane_share_their_directions_in_the_file_and_again_in_memory(tmp_path: Path) -> None:
    first = documents.surface()
    second = replace(documents.surface(9, 9), directions=first.directions)
    document = (
        Document().with_item(documents.result_item(first, "a", "A")).with_item(documents.result_item(second, "b", "B"))
    )
    back = [item.result for item in reopened(document, tmp_path).results]
    assert back[0].directions is back[1].directions


def test_a_box_that_was_dragged_keeps_every_bit_of_its_centre(tmp_path: Path) -> None:
    box = Box(centre=(0.1 + 0.2, 1e-17), half_width=(1 / 3, 2 / 3), proof="sampled")
    assert same_after_saving(replace(documents.correction(), box=box), tmp_path) == []


def test_the_question_of_a_correction_that_was_saved_before_norms_and_steps_is_the_usual_one() -> None:
    request = documents.correction_request()
    table = record_to_table(request)
    assert table.pop("norm") == "L1"
    assert [feature.pop("step") for feature in table["free"]] == [0, 0]
    assert record_from_table(CorrectionRequest, table) == request


def test_an_input_of_thousands_of_columns_and_a_card_longer_than_an_attribute_come_back(tmp_path: Path) -> None:
    correction = documents.correction()
    many = tuple(np.random.default_rng(0).standard_normal(12_000).tolist())
    wide: Correction = replace(correction, request=replace(correction.request, input=many))
    assert same_after_saving(wide, tmp_path) == []
    network = documents.network_item()
    card = replace(network.card, description="long " * 40_000)
    document = alone(replace(network, card=card, origin="/" + "deep/" * 20_000))
    assert differences(reopened(document, tmp_path), document) == []


@quick
@given(names=st.lists(ANY_TEXT, unique=True, max_size=6), item_id=ANY_TEXT, title=ANY_TEXT)
def test_parameters_items_and_titles_of_any_name_come_back(
    tmp_path: Path, names: list[str], item_id: str, title: str
) -> None:
    weights = {name: np.arange(index, dtype=np.float32) for index, name in enumerate(names)}
    document = alone(replace(documents.network_item(item_id), name=title, origin=title, weights=weights))
    assert differences(reopened(document, tmp_path), document) == []


@quick
@given(st.sampled_from(DTYPES).flatmap(lambda kind: arrays.arrays(kind, arrays.array_shapes(min_dims=0, min_side=0))))
def test_arrays_of_any_number_type_and_shape_come_back(tmp_path: Path, array: np.ndarray) -> None:
    document = alone(replace(documents.network_item(), weights={"w": array}))
    back = reopened(document, tmp_path).networks[0]
    # NaN of float16 may change its payload on the way through float32; everything else keeps every bit
    assert array.dtype == back.weights["w"].dtype
    np.testing.assert_array_equal(back.weights["w"], array)


@quick
@given(st.builds(Provenance, seconds=ANY_FLOAT, versions=st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=3)))
def test_any_provenance_comes_back(tmp_path: Path, provenance: Provenance) -> None:
    assert same_after_saving(replace(documents.surface(3, 3), provenance=provenance), tmp_path) == []


@quick
@given(
    st.builds(
        SurfaceRequest,
        columns=st.integers(2, 9999),
        rows=st.integers(2, 9999),
        x_range=st.tuples(st.floats(-9, -1), st.floats(0, 9)),
        y_range=st.tuples(st.floats(-9, -1), st.floats(0, 9)),
        directions=st.builds(RandomDirections, seed=st.integers(-(2**63), 2**63 - 1)),
        samples=st.none() | st.integers(1),
        display_limit=st.floats(1e-300, allow_nan=False),
    )
)
def test_any_surface_request_comes_back(tmp_path: Path, request: SurfaceRequest) -> None:
    assert same_after_saving(replace(documents.surface(3, 3), request=request), tmp_path) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | ANY_FLOAT | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)


@quick
@given(st.dictionaries(ANY_TEXT, JSON, max_size=4))
def test_any_view_comes_back(tmp_path: Path, view: dict[str, object]) -> None:
    document = Document(view=MappingProxyType(view))
    assert differences(dict(reopened(document, tmp_path).view), view) == []


def test_numbers_of_numpy_in_a_request_are_saved_as_plain_numbers(tmp_path: Path) -> None:
    surface = documents.surface(3, 3)
    odd = replace(surface, provenance=replace(surface.provenance, samples=np.int64(40), seconds=np.float64(2.5)))
    document = alone(documents.result_item(odd, "result-0", "A result"))
    assert reopened(document, tmp_path).results[0].result.provenance == odd.provenance


def test_transposed_weights_come_back_the_same(tmp_path: Path) -> None:
    weights = {"w": np.arange(30_000, dtype=np.float32).reshape(100, 300).T}
    item: NetworkItem = replace(documents.network_item(), weights=weights)
    np.testing.assert_array_equal(reopened(alone(item), tmp_path).networks[0].weights["w"], weights["w"])
