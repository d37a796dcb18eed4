"""Spectra: eigenvalues with their errors, what was verified, and the eigenvectors if they were kept."""

from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.head import read_result_head, write_result_head
from core.session.refusal import Refusal
from core.spectrum.spectrum import Audit, Spectrum, SpectrumRequest

ENCODING = "corrie-spectrum"
_ERRORS = {"complete": "‖Hv − λv‖, recomputed", "partial": "‖Hv − λv‖, estimated"}


def write_spectrum(writer: GroupWriter, item: ResultItem, spectrum: Spectrum) -> None:
    """Write a spectrum into its own group."""
    write_result_head(writer, item, ENCODING)
    writer.record("request", spectrum.request)
    if spectrum.audit is not None:
        writer.record("audit", spectrum.audit)
    writer.number("products", spectrum.products)
    writer.json("parameters", spectrum.parameters)
    writer.text("NX_class", "NXdata")
    writer.text("signal", "eigenvalues")
    writer.texts("axes", ["."])
    unit = "loss per squared unit of the parameters"
    writer.array("eigenvalues", spectrum.eigenvalues, units=unit, long_name="eigenvalue of the Hessian")
    writer.array("residuals", spectrum.residuals, units=unit, long_name=_ERRORS[spectrum.status])
    writer.array("verified", spectrum.verified, long_name="1: residual small enough, and none missed")
    if spectrum.eigenvectors is not None:
        writer.array("eigenvectors", spectrum.eigenvectors, long_name="unit vectors in the order of the parameters")


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
        eigenvectors=reader.singles("eigenvectors", pairs, None) if reader.has("eigenvectors") else None,
        parameters=tuple(str(name) for name in parameters),
        products=reader.integer("products"),
        audit=reader.record(Audit, "audit") if reader.has("audit") else None,
    )
    return ResultItem(**head, result=spectrum)
