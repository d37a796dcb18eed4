"""What other programs read back is what was computed."""

import csv
import io
import json
import math
from dataclasses import replace
from itertools import chain

import numpy as np
import pytest

from core.exchange.forms import form_of
from core.exchange.tables.arrays import common_arrays, write_named
from core.exchange.tables.rows import write_rows
from core.landscape.plane import AnyDirections, EigenDirections, FileDirections, NetworkDirections
from core.session.document import Result
from tests import documents


def lines_of(result: Result) -> list[list[str]]:
    file = io.BytesIO()
    write_rows(form_of(result).rows(result), file)
    assert not file.closed
    return list(csv.reader(io.StringIO(file.getvalue().decode("utf-8"), newline="")))


def table_of(result: Result) -> list[dict[str, str]]:
    """Rows by the names of their columns, without the units behind them."""
    heads, *rows = lines_of(result)
    return [dict(zip((head.partition(" (")[0] for head in heads), row, strict=True)) for row in rows]


def arrays_of(result: Result) -> dict[str, np.ndarray]:
    file = io.BytesIO()
    write_named(chain(common_arrays(result), form_of(result).arrays(result)), file)
    file.seek(0)
    with np.load(file, allow_pickle=False) as loaded:
        return dict(loaded)


def test_the_table_of_a_surface_brings_back_every_number() -> None:
    surface = documents.surface(status="partial")
    rows = table_of(surface)
    assert list(rows[0]) == ["x", "y", "loss", "accuracy", "evaluated"]
    x, y = np.meshgrid(surface.x, surface.y)
    for name, truth in {"x": x, "y": y, "loss": surface.loss, "accuracy": surface.accuracy}.items():
        np.testing.assert_array_equal([float(row[name]) for row in rows], truth.ravel())
    np.testing.assert_array_equal([int(row["evaluated"]) for row in rows], surface.evaluated.ravel())


X, Y = "x (multiples of direction δ; filter-normalised)", "y (multiples of direction η; filter-normalised)"
LENGTH, CURVATURE = "norm in weight space", "loss per squared weight"


@pytest.mark.parametrize(
    ("result", "heads"),
    [
        (documents.surface(), [X, Y, "loss (nats)", "accuracy (0 to 1)", "evaluated"]),
        (
            documents.certified_surface(),
            [
                *(X, Y, "loss (nats)", "accuracy (0 to 1)", "evaluated"),
                *("test_loss (nats)", "test_accuracy (0 to 1)"),
            ],
        ),
        (replace(documents.surface(), loss_unit="(kWh)²"), [X, Y, "loss ((kWh)²)", "accuracy (0 to 1)", "evaluated"]),
        (
            documents.curve(2),
            ["draw", X, "loss (nats)", "accuracy (0 to 1)", "test_loss (nats)", "test_accuracy (0 to 1)"],
        ),
        (
            documents.trajectory(),
            [
                *("epoch", "learning_rate"),
                *("x (first principal axis; unit length)", "y (second principal axis; unit length)"),
                *("loss (nats)", "accuracy (0 to 1)", f"off_plane ({LENGTH})", f"distance ({LENGTH})"),
            ],
        ),
        (
            documents.convexity(),
            [
                *(X, Y, f"min_eigenvalue ({CURVATURE})", f"max_eigenvalue ({CURVATURE})", "ratio"),
                *(f"residual ({CURVATURE})", "products (Hessian-vector products)"),
            ],
        ),
        (
            documents.initialisations(),
            ["seed", "loss (nats)", "calibrated_loss (nats)", "accuracy (0 to 1)", f"distance ({LENGTH})"],
        ),
    ],
    ids=["surface", "tested surface", "regression", "curve", "trajectory", "convexity", "initialisations"],
)
def test_columns_are_called_as_in_the_session_with_their_units_behind(result: Result, heads: list[str]) -> None:
    first, *rows = lines_of(result)
    assert first == heads
    assert rows
    assert {len(row) for row in rows} == {len(heads)}


@pytest.mark.parametrize(
    ("asked", "units"),
    [
        (EigenDirections(), "multiples of eigenvector 1; unit length"),
        (NetworkDirections(first="a"), "towards the first network; its distance"),
        (FileDirections(), "multiples of the first direction"),
        (FileDirections(x_axis="first, second (odd)", y_axis="y"), "first; second; odd"),
    ],
    ids=["eigenvectors", "networks", "file", "any text"],
)
def test_units_of_axes_need_no_quotes_in_a_table(asked: AnyDirections, units: str) -> None:
    surface = documents.surface()
    request = replace(surface.request, directions=asked)
    heads, *_ = lines_of(replace(surface, request=request))
    assert heads[0] == f"x ({units})"
    file = io.BytesIO()
    write_rows(form_of(surface).rows(replace(surface, request=request)), file)
    assert '"' not in file.getvalue().decode("utf-8").splitlines()[0]


def test_the_table_of_a_spectrum_brings_back_every_number() -> None:
    spectrum = documents.spectrum()
    rows = table_of(spectrum)
    np.testing.assert_array_equal([float(row["eigenvalue"]) for row in rows], spectrum.eigenvalues)
    np.testing.assert_array_equal([float(row["residual"]) for row in rows], spectrum.residuals)
    np.testing.assert_array_equal([int(row["verified"]) for row in rows], spectrum.verified)


def test_the_table_of_a_whole_spectrum_tells_its_parts_apart() -> None:
    spectrum = documents.whole_spectrum()
    assert spectrum.sampling is not None
    assert spectrum.density is not None
    assert spectrum.trace is not None
    rows: dict[str, list[dict[str, str]]] = {}
    for row in table_of(spectrum):
        rows.setdefault(row["part"], []).append(row)
    assert {part: len(found) for part, found in rows.items()} == {"pair": 8, "trace": 1, "layer": 2, "density": 68}
    errors = [float(row["sampling_standard_error"]) for row in rows["pair"]]
    np.testing.assert_array_equal(errors, spectrum.sampling.standard_error)
    over = [float(row["over_all_samples"]) for row in rows["pair"]]
    np.testing.assert_array_equal(over, spectrum.sampling.over_population)
    np.testing.assert_array_equal([float(row["eigenvalue"]) for row in rows["density"]], spectrum.density.nodes)
    np.testing.assert_array_equal([float(row["weight"]) for row in rows["density"]], spectrum.density.weights)
    assert float(rows["trace"][0]["trace"]) == spectrum.trace.value
    assert [row["name"] for row in rows["layer"]] == ["1", "3"]
    assert [float(row["trace"]) for row in rows["layer"]] == [row.trace.value for row in spectrum.layer_table]
    assert f"eigenvalue ({CURVATURE})" in lines_of(spectrum)[0]


def test_the_table_of_a_correction_brings_back_its_regions_and_results() -> None:
    correction = documents.correction()
    rows = table_of(correction)
    hole = [row for row in rows if (row["part"], row["region"], row["ring"]) == ("accepted", "0", "1")]
    vertices = [(float(row["x"]), float(row["y"])) for row in hole]
    np.testing.assert_array_equal(vertices, correction.accepted[0].holes[0])
    values = {row["part"]: row["value"] for row in rows}
    assert float(values["distance"]) == correction.distance
    assert values["proof"] == "proved"
    nearest = next(row for row in rows if row["part"] == "nearest stable correction")
    assert (float(nearest["x"]), float(nearest["y"])) == correction.centre


def test_the_table_and_the_arrays_have_the_largest_box_and_the_triangle() -> None:
    correction = documents.explained_correction()
    rows, arrays = table_of(correction), arrays_of(correction)
    assert correction.triangle is not None
    assert correction.largest_box is not None
    corners = [(float(row["x"]), float(row["y"])) for row in rows if row["part"] == "triangle"]
    np.testing.assert_array_equal(corners, correction.triangle.corners)
    np.testing.assert_array_equal(arrays["triangle"], correction.triangle.corners)
    sides = [[float(row["x"]), float(row["y"])] for row in rows if row["part"].startswith("largest box")]
    np.testing.assert_array_equal(np.ravel(sides), correction.largest_box.bounds)
    np.testing.assert_array_equal(arrays["largest_box"], np.transpose(sides))
    values = {row["part"]: row["value"] for row in rows if row["value"]}
    assert (values["norm"], values["proof of the largest box"]) == ("L1", "proved")
    assert float(values["triangle share"]) == correction.triangle.share


def test_a_correction_that_does_not_exist_has_no_distance_in_its_table() -> None:
    parts = {row["part"] for row in table_of(documents.impossible_correction())}
    assert "distance" not in parts
    assert "accepted" not in parts


def test_the_arrays_of_a_surface_are_its_own() -> None:
    surface = documents.surface()
    arrays = arrays_of(surface)
    for name in ("x", "y", "loss", "accuracy", "evaluated"):
        np.testing.assert_array_equal(arrays[name], getattr(surface, name))
        assert arrays[name].dtype == getattr(surface, name).dtype
    for name, direction in surface.directions.y.items():
        np.testing.assert_array_equal(arrays[f"direction_y/{name}"], direction)
    assert json.loads(str(arrays["request"]))["directions"]["seed"] == 123


def test_the_arrays_of_a_spectrum_are_its_own() -> None:
    spectrum = documents.spectrum()
    arrays = arrays_of(spectrum)
    assert spectrum.eigenvectors is not None
    np.testing.assert_array_equal(arrays["eigenvectors"], spectrum.eigenvectors)
    assert json.loads(str(arrays["parameters"])) == list(documents.SHAPES)
    assert "eigenvectors" not in arrays_of(documents.spectrum(vectors=False))


def test_the_arrays_of_a_whole_spectrum_have_density_layers_and_sampling_error() -> None:
    spectrum = documents.whole_spectrum()
    assert spectrum.density is not None
    assert spectrum.sampling is not None
    arrays = arrays_of(spectrum)
    np.testing.assert_array_equal(arrays["density_nodes"], spectrum.density.nodes)
    assert np.isclose(np.trapezoid(arrays["density_y"], arrays["density_x"]), 1, atol=1e-3)
    assert float(arrays["density_standard_deviation"]) == pytest.approx(0.41)
    np.testing.assert_array_equal(arrays["sampling_standard_error"], spectrum.sampling.standard_error)
    assert int(arrays["population"]) == 400
    assert json.loads(str(arrays["layers/name"])) == ["1", "3"]
    np.testing.assert_array_equal(arrays["layers/parameters"], [56, 18])
    assert float(arrays["trace"]) == 103.4
    assert "density_nodes" not in arrays_of(documents.spectrum())


def test_the_arrays_of_a_correction_are_its_own() -> None:
    correction = documents.correction()
    arrays = arrays_of(correction)
    np.testing.assert_array_equal(arrays["accepted/0/holes/0"], correction.accepted[0].holes[0])
    np.testing.assert_array_equal(arrays["stable/1"], correction.stable[1].exterior)
    assert correction.box is not None
    x_low, y_low, x_high, y_high = correction.box.bounds
    np.testing.assert_array_equal(arrays["box"], [(x_low, x_high), (y_low, y_high)])
    assert math.isclose(json.loads(str(arrays["facts"]))["distance"], correction.distance or 0.0, rel_tol=0)
