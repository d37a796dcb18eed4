"""Convexity maps: the extreme eigenvalues over a plane, a NeXus plot of the smallest."""

from core.landscape.convexity import Convexity, ConvexityRequest
from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.columns import Column, read_columns, write_columns
from core.session.kinds.directions import DirectionsReader, DirectionsWriter
from core.session.kinds.head import read_result_head, write_result_head
from core.session.kinds.sense import check_size, read_axis
from core.session.refusal import Refusal

ENCODING = "corrie-convexity"
_COLUMNS = {
    "min_eigenvalue": Column(what="smallest eigenvalue of the Hessian"),
    "max_eigenvalue": Column(what="largest eigenvalue of the Hessian"),
    "residual": Column(what="the larger of the two ‖Hv − λv‖"),
}


def write_convexity(writer: GroupWriter, item: ResultItem, convexity: Convexity, directions: DirectionsWriter) -> None:
    """Write a convexity map into its own group, and its directions into theirs."""
    write_result_head(writer, item, ENCODING)
    writer.record("request", convexity.request)
    writer.text("directions", directions.write(convexity.directions, convexity.request.directions, item.id))
    writer.text("NX_class", "NXdata")
    writer.text("signal", "min_eigenvalue")
    writer.texts("axes", ["y", "x"])
    writer.array("x", convexity.x, long_name="multiples of the first direction")
    writer.array("y", convexity.y, long_name="multiples of the second direction")
    write_columns(writer, _COLUMNS, vars(convexity))
    writer.array("products", convexity.products, long_name="Hessian-vector products spent")


def read_convexity(reader: GroupReader, item_id: str, directions: DirectionsReader) -> ResultItem:
    """The inverse of `write_convexity`."""
    head, common = read_result_head(reader, ENCODING, item_id)
    request = reader.record(ConvexityRequest, "request")
    x, y = read_axis(reader, "x", item_id), read_axis(reader, "y", item_id)
    shape = (len(y), len(x))
    check_size((request.rows, request.columns), shape, item_id)
    products = reader.array("products")
    if products.shape != shape or products.dtype.kind != "i" or (products < 0).any():
        raise Refusal(f'The numbers of products of "{item_id}" do not fit its plane.')
    convexity = Convexity(
        **common,
        request=request,
        x=x,
        y=y,
        **read_columns(reader, _COLUMNS, *shape),
        products=products,
        directions=directions.read(reader.text("directions")),
    )
    return ResultItem(**head, result=convexity)
