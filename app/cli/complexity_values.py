"""Size and sharpness of a network as plain values for machines."""

from app.cli.machine_numbers import finite, finite_list
from core.generalisation.complexity import Complexity
from core.generalisation.measures import MEASURES
from core.session.json_text import record_to_table

Values = dict[str, object]
_NUMBERS = (
    *("path_norm", "train_loss", "train_accuracy", "test_loss", "test_accuracy", "gap", "gap_error"),
    *("sharpness", "sharpness_error", "worst_rise", "top_eigenvalue", "top_residual"),
)


def complexity_values(found: Complexity) -> Values:
    """Numbers of the whole network, the measures by their keys, its layers, margins and draws."""
    layers = [
        {name: finite(value) if isinstance(value, float) else value for name, value in record_to_table(layer).items()}
        for layer in found.layers
    ]
    return {
        "parameters": found.parameters,
        **{name: finite(getattr(found, name)) for name in _NUMBERS},
        "measures": {measure.key: finite(measure.value(found)) for measure in MEASURES},
        "layers": layers,
        "margins": finite_list(found.margins),
        "rises": finite_list(found.rises),
        "path_reason": found.path_reason,
        "eigenvalue_reason": found.eigenvalue_reason,
        "unlisted": list(found.unlisted),
    }
