"""The curve of the distance over the stability, as other programs read it."""

import numpy as np

from core.exchange.tables.tradeoff import tradeoff_arrays, tradeoff_rows
from tests import documents
from tests.core.exchange.tables.test_tables_and_arrays import arrays_of, table_of

CORRECTION = documents.explained_correction()


def test_the_table_of_a_correction_brings_back_its_curve_place_by_place() -> None:
    rows, curve = table_of(CORRECTION), documents.tradeoff()

    def columns(part: str, *names: str) -> np.ndarray:
        found = [row for row in rows if row["part"] == part]
        assert [int(row["vertex"]) for row in found] == list(range(len(curve.stability)))
        return np.array([[float(row[name]) for name in names] for row in found])

    stability = columns("stability", "x", "y", "value")
    np.testing.assert_array_equal(stability[:, 2], curve.stability)
    np.testing.assert_allclose(stability[:, :2], curve.stability[:, None] * (2.0, 500.0), rtol=1e-15)
    nearest = columns("nearest at stability", "x", "y", "value")
    np.testing.assert_array_equal(nearest, np.column_stack([curve.centres, curve.distance]))
    np.testing.assert_array_equal(columns("lower bound at stability", "value")[:, 0], curve.lower_bound)
    (beyond,) = (row for row in rows if row["part"] == "no correction beyond stability")
    assert float(beyond["value"]) == curve.none_beyond


def test_the_arrays_of_a_correction_hold_its_curve() -> None:
    arrays, curve = arrays_of(CORRECTION), documents.tradeoff()
    for name in ("stability", "distance", "lower_bound", "centres", "unit", "none_beyond"):
        np.testing.assert_array_equal(arrays[f"tradeoff/{name}"], getattr(curve, name))


def test_a_correction_without_a_curve_has_no_rows_and_arrays_of_one() -> None:
    assert list(tradeoff_rows(documents.correction())) == []
    assert list(tradeoff_arrays(documents.correction())) == []
