"""What a spectrum may have besides its pairs: density and trace, the table of layers, the sampling error."""

from typing import Any

import numpy as np

from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.columns import Column, read_columns, write_columns
from core.session.refusal import Refusal
from core.spectrum.density_curve import density_axis, density_curve, density_width
from core.spectrum.spectrum import Density, Estimate, LayerCurvature, Sampling, Spectrum

UNIT = "loss per squared unit of the parameters"
_NODES = {
    "nodes": Column(what="eigenvalue, or node of a quadrature", stored="density_nodes", unit=UNIT),
    "weights": Column(what="share of all eigenvalues", stored="density_weights"),
}
_CURVE = {
    "x": Column(what="eigenvalue", stored="density_x", unit=UNIT),
    "y": Column(what="share of eigenvalues per unit, nodes broadened to Gaussians", stored="density_y"),
}
_LAYERS = {
    "top_eigenvalue": Column(what="eigenvalue of largest magnitude of the layer's block", unit=UNIT),
    "residual": Column(what="‖Hv − λv‖ of it", unit=UNIT),
    "trace": Column(what="trace of the layer's block", unit=UNIT),
    "trace_standard_error": Column(what="standard error of the trace over random vectors", unit=UNIT),
    "share": Column(what="share of the first eigenvector's squared length"),
}


def write_parts(writer: GroupWriter, spectrum: Spectrum) -> None:
    """Write those parts that there are."""
    if spectrum.density is not None:
        _write_density(writer, spectrum.density)
    if (trace := spectrum.trace) is not None:
        writer.array("trace", trace.value, units=UNIT, long_name="trace, the sum of all eigenvalues")
        writer.number("trace_standard_error", trace.standard_error)
    if spectrum.layer_table:
        _write_layers(writer.group("layers"), spectrum.layer_table)
    if (sampling := spectrum.sampling) is not None:
        over = sampling.over_population
        writer.json(
            "sampling",
            {
                "standard_error": sampling.standard_error.tolist(),
                "groups": sampling.groups,
                "population": sampling.population,
                "over_population": None if over is None else over.tolist(),
                "population_sha256": sampling.population_sha256,
            },
        )


def read_parts(reader: GroupReader, pairs: int) -> dict[str, Any]:
    """The inverse of `write_parts`, as arguments of `Spectrum`; a file from before these parts has none."""
    trace = None
    if reader.has("trace"):
        error = reader.optional_number("trace_standard_error")
        trace = Estimate(value=float(reader.floats("trace")), standard_error=np.nan if error is None else error)
    return {
        "density": _read_density(reader) if reader.has("density_nodes") else None,
        "trace": trace,
        "layer_table": _read_layers(reader.group("layers")) if reader.has("layers") else (),
        "sampling": _read_sampling(reader, pairs) if reader.has("sampling") else None,
    }


def _write_density(writer: GroupWriter, density: Density) -> None:
    """The nodes, which are what was found, and a curve of a width that is stated, for other programs."""
    width = density_width(density)
    x = density_axis(density, width)
    write_columns(writer, _CURVE, {"x": x, "y": density_curve(density, x, width)})
    write_columns(writer, _NODES, vars(density))
    facts = {"probes": density.probes, "steps": density.steps, "deflated": density.deflated}
    writer.json("density", {**facts, "curve_standard_deviation": width})


def _read_density(reader: GroupReader) -> Density:
    read_columns(reader, _CURVE, None)  # made anew from the nodes, by whoever draws
    facts = reader.json("density")
    try:
        probes, steps, deflated = (int(facts[name]) for name in ("probes", "steps", "deflated"))
    except (KeyError, TypeError, ValueError):
        raise Refusal("How a spectral density was computed cannot be understood.") from None
    columns = read_columns(reader, _NODES, None)
    if len(columns["nodes"]) != len(columns["weights"]):
        raise Refusal("A spectral density has not as many weights as nodes.")
    return Density(nodes=columns["nodes"], weights=columns["weights"], probes=probes, steps=steps, deflated=deflated)


def _write_layers(writer: GroupWriter, table: tuple[LayerCurvature, ...]) -> None:
    writer.json("layer", [row.layer for row in table])
    writer.array("parameters", np.array([row.parameters for row in table], dtype=np.int64), long_name="parameters")
    values = {
        "top_eigenvalue": np.array([row.top_eigenvalue for row in table], dtype=np.float64),
        "residual": np.array([row.residual for row in table], dtype=np.float64),
        "trace": np.array([row.trace.value for row in table], dtype=np.float64),
        "trace_standard_error": np.array([row.trace.standard_error for row in table], dtype=np.float64),
        "share": np.array([row.share for row in table], dtype=np.float64),
    }
    write_columns(writer, _LAYERS, values)


def _read_layers(reader: GroupReader) -> tuple[LayerCurvature, ...]:
    names, sizes = reader.json("layer"), reader.array("parameters")
    if not isinstance(names, list) or sizes.dtype != np.int64 or sizes.shape != (len(names),):
        raise Refusal("A table of layers cannot be understood.")
    columns = {name: array.tolist() for name, array in read_columns(reader, _LAYERS, len(names)).items()}
    return tuple(
        LayerCurvature(
            layer=str(name),
            parameters=int(size),
            top_eigenvalue=value,
            residual=residual,
            trace=Estimate(value=trace, standard_error=error),
            share=share,
        )
        for name, size, value, residual, trace, error, share in zip(names, sizes, *columns.values(), strict=True)
    )


def _read_sampling(reader: GroupReader, pairs: int) -> Sampling:
    facts = reader.json("sampling")
    try:
        errors, over = facts["standard_error"], facts["over_population"]
        sampling = Sampling(
            standard_error=np.array(errors, dtype=np.float64),
            groups=int(facts["groups"]),
            population=int(facts["population"]),
            over_population=None if over is None else np.array(over, dtype=np.float64),
            population_sha256=str(facts.get("population_sha256", "")),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Refusal("The sampling error of a spectrum cannot be understood.") from None
    arrays = (sampling.standard_error, *(() if sampling.over_population is None else (sampling.over_population,)))
    if any(array.shape != (pairs,) for array in arrays):
        raise Refusal("The sampling error of a spectrum is not that of its pairs.")
    return sampling
