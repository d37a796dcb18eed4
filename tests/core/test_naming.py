"""Names in the session tree tell a result from its neighbours."""

from core.landscape.curve import CurveRequest
from core.landscape.plane import BezierDirections, EigenDirections, FileDirections, NetworkDirections
from core.landscape.surface import SurfaceRequest
from core.naming import result_name


def test_the_usual_analyses_have_short_names() -> None:
    assert result_name(SurfaceRequest(), "Reader") == "Surface of Reader"
    assert result_name(CurveRequest(), "Reader") == "Curve of Reader"


def test_what_is_along_other_directions_says_so() -> None:
    asked = (
        SurfaceRequest(directions=EigenDirections()),
        SurfaceRequest(directions=FileDirections()),
        CurveRequest(draws=10),
        CurveRequest(directions=NetworkDirections(first="a" * 64)),
        CurveRequest(directions=BezierDirections(other="a" * 64)),
    )
    assert [result_name(one, "Reader") for one in asked] == [
        "Surface of Reader along eigenvectors",
        "Surface of Reader in a given plane",
        "10 random curves of Reader",
        "Line to another network from Reader",
        "Low-loss curve from Reader",
    ]
