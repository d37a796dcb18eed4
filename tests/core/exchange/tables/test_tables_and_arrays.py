"""What other programs read back is what was computed."""

import csv
import io
import json
import math
from itertools import chain

import numpy as np

from core.exchange.forms import form_of
from core.exchange.tables.arrays import common_arrays, write_named
from core.exchange.tables.rows import write_rows
from core.session.document import Result
from tests import documents


def table_of(result: Result) -> list[dict[str, str]]:
    file = io.BytesIO()
    write_rows(form_of(result).rows(result), file)
    assert not file.closed
    return list(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8"), newline="")))


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


def test_the_table_of_a_spectrum_brings_back_every_number() -> None:
    spectrum = documents.spectrum()
    rows = table_of(spectrum)
    np.testing.assert_array_equal([float(row["eigenvalue"]) for row in rows], spectrum.eigenvalues)
    np.testing.assert_array_equal([float(row["residual"]) for row in rows], spectrum.residuals)
    np.testing.assert_array_equal([int(row["verified"]) for row in rows], spectrum.verified)


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


def test_the_arrays_of_a_correction_are_its_own() -> None:
    correction = documents.correction()
    arrays = arrays_of(correction)
    np.testing.assert_array_equal(arrays["accepted/0/holes/0"], correction.accepted[0].holes[0])
    np.testing.assert_array_equal(arrays["stable/1"], correction.stable[1].exterior)
    assert correction.box is not None
    x_low, y_low, x_high, y_high = correction.box.bounds
    np.testing.assert_array_equal(arrays["box"], [(x_low, x_high), (y_low, y_high)])
    assert math.isclose(json.loads(str(arrays["facts"]))["distance"], correction.distance or 0.0, rel_tol=0)
