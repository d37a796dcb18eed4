"""Spectra: eigenvalues with their errors, what was verified, and the eigenvectors if they were kept."""

from collections.abc import Mapping

from core.deferred import unread
from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.json_text import record_from_table
from core.session.kinds.head import read_result_head, write_result_head
from core.session.kinds.spectrum_begun import read_begun, write_begun
from core.session.kinds.spectrum_parts import UNIT, read_parts, write_parts
from core.session.refusal import Refusal
from core.spectrum.spectrum import MATRIX_NAMES, Audit, Spectrum, SpectrumRequest

ENCODING = "corrie-spectrum"
_ERRORS = {"complete": "‖Hv − λv‖, recomputed", "partial": "‖Hv − λv‖, estimated"}


def write_spectrum(writer: GroupWriter, item: ResultItem, spectrum: Spectrum) -> None:
    """Write a spectrum into its own group."""
    write_result_head(writer, item, ENCODING)
    writer.record("request", spectrum.request)
    if spectrum.audit is not None:
        writer.json("audit", _audit_table(spectrum.audit))
    writer.number("products", spectrum.products)
    writer.json("parameters", spectrum.parameters)
    writer.text("NX_class", "NXdata")
    writer.text("signal", "eigenvalues")
    writer.texts("axes", ["."])
    writer.text("loss_unit", spectrum.loss_unit)
    what = f"eigenvalue of the {MATRIX_NAMES[spectrum.request.matrix]}"
    writer.array("eigenvalues", spectrum.eigenvalues, units=UNIT, long_name=what)
    writer.array("residuals", spectrum.residuals, units=UNIT, long_name=_ERRORS[spectrum.status])
    writer.array("verified", spectrum.verified, long_name="1: residual small enough, and none missed")
    if unread(spectrum, "eigenvectors") is not None:
        writer.array(
            "eigenvectors", unread(spectrum, "eigenvectors"), long_name="unit vectors in the order of the parameters"
        )
    if spectrum.between is not None:
        writer.array("between", spectrum.between, units=UNIT, long_name="v'Hw of any two of the eigenvectors")
    if spectrum.taken_over:
        writer.text("taken_over", spectrum.taken_over)
    write_begun(writer, spectrum.begun)
    write_parts(writer, spectrum)


def read_spectrum(reader: GroupReader, item_id: str) -> ResultItem:
    """The inverse of `write_spectrum`."""
    head, common = read_result_head(reader, ENCODING, item_id)
    eigenvalues = reader.floats("eigenvalues", None)
    pairs = len(eigenvalues)
    parameters = reader.json("parameters")
    if not isinstance(parameters, list):
        raise Refusal(f'The parameters of "{item_id}" are no list of names.')
    spectrum = Spectrum(
        **common,
        request=reader.record(SpectrumRequest, "request"),
        eigenvalues=eigenvalues,
        residuals=reader.floats("residuals", pairs),
        verified=reader.flags("verified", pairs),
        eigenvectors=reader.later_singles("eigenvectors", pairs, None) if reader.has("eigenvectors") else None,
        parameters=tuple(str(name) for name in parameters),
        products=reader.integer("products"),
        audit=_audit(reader.json("audit")) if reader.has("audit") else None,
        loss_unit=reader.text("loss_unit") if reader.has("loss_unit") else "nats",
        between=reader.floats("between", pairs, pairs) if reader.has("between") else None,
        taken_over=reader.text("taken_over") if reader.has("taken_over") else "",
        begun=read_begun(reader),
        **read_parts(reader, pairs),
    )
    return ResultItem(**head, result=spectrum)


def _audit_table(audit: Audit) -> dict[str, object]:
    """By the names of the format."""
    return {"restart_steps": audit.products, "missed": audit.missed, "miss_probability": audit.miss_probability}


def _audit(table: object) -> Audit:
    """Of a table by the names of the format, or by those of earlier files."""
    if isinstance(table, Mapping) and "restart_steps" in table:
        table = {("products" if name == "restart_steps" else name): value for name, value in table.items()}
    return record_from_table(Audit, table)
