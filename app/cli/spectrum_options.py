"""What spectrum `corrie spectrum` computes: matrix, end, parameters, and what comes with the eigenvalues."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar, cast

import click

from core.spectrum.spectrum import (
    MOST_DENSITY_STEPS,
    MOST_PROBES,
    End,
    Matrix,
    SpectrumRequest,
    product_limit,
)

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class SpectrumOptions:
    """The options as they were given."""

    end: str
    matrix: str
    only_layer: tuple[str, ...]
    weights_only: bool
    density: bool
    trace: bool
    layers: bool
    probes: int
    density_steps: int
    population: int | None

    def request(self, *, top: int, tolerance: float, samples: int | None, seed: int) -> SpectrumRequest:
        """The request they make. Raises `InvalidRequest` if there is no such spectrum."""
        return SpectrumRequest(
            top=top,
            tolerance=tolerance,
            samples=samples,
            seed=seed,
            max_products=product_limit(top),
            end=cast("End", self.end),
            matrix=cast("Matrix", self.matrix.replace("-", "_")),
            layers=self.only_layer,
            weights_only=self.weights_only,
            density=self.density,
            trace=self.trace,
            layer_table=self.layers,
            probes=self.probes,
            density_steps=self.density_steps,
            population_pairs=self.population,
        )

    def refuse_for_checkpoints(self) -> None:
        """Raise `click.UsageError` if more is asked for than the top eigenvalues of the whole Hessian."""
        plain = (self.end, self.matrix, self.only_layer, self.weights_only) == ("magnitude", "hessian", (), False)
        if not plain or self.density or self.trace or self.layers:
            raise click.UsageError(
                "Of checkpoints the eigenvalues of the whole Hessian are computed that are largest in magnitude, and "
                "nothing else: leave --checkpoints out, or the other options."
            )


_OPTIONS = (
    click.option(
        "--end",
        type=click.Choice(("magnitude", "largest", "smallest")),
        default="magnitude",
        show_default=True,
        help="Which eigenvalues: those of largest magnitude, or of one end with its sign.",
    ),
    click.option(
        "--matrix",
        type=click.Choice(("hessian", "gauss-newton", "fisher")),
        default="hessian",
        show_default=True,
        help="Hessian, Gauss-Newton matrix, or empirical Fisher matrix (gradients at the labels of DATA).",
    ),
    click.option(
        "--only-layer",
        multiple=True,
        metavar="NAME",
        help="Vary the parameters of this layer alone, and of all within it; more than one may be given.",
    ),
    click.option("--weights-only", is_flag=True, help="Let biases and the parameters of normalisation stand still."),
    click.option("--density", is_flag=True, help="Also the density of all eigenvalues."),
    click.option("--trace", is_flag=True, help="Also the trace."),
    click.option("--layers", is_flag=True, help="Also a table of layers: top eigenvalue and trace of each by itself."),
    click.option(
        "--probes",
        type=click.IntRange(1, MOST_PROBES),
        default=4,
        show_default=True,
        help="Random vectors of density and traces: their number decides the noise.",
    ),
    click.option(
        "--density-steps",
        type=click.IntRange(1, MOST_DENSITY_STEPS),
        default=40,
        show_default=True,
        help="Lanczos steps for each: their number decides how fine the density is.",
    ),
    click.option(
        "--population",
        type=click.IntRange(min=0),
        metavar="K",
        help="Take the curvature along the first K eigenvectors over all of DATA too, where --samples are fewer. "
        "Without it up to 3, as far as that takes no more work than the search.",
    ),
)


def spectrum_options(command: F) -> F:
    """All of them, given to the command as one `SpectrumOptions` called ``wanted``."""
    names = [field.name for field in fields(SpectrumOptions)]

    @functools.wraps(command)
    def gathered(**given: Any) -> Any:
        wanted = SpectrumOptions(**{name: given.pop(name) for name in names})
        return command(**given, wanted=wanted)

    decorated: Any = gathered
    for decorate in reversed(_OPTIONS):
        decorated = decorate(decorated)
    result: F = decorated
    return result
