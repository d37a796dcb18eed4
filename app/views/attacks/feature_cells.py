"""One attacked row of a table, number by number."""

import numpy as np

from app.views.attacks.example_words import Names
from app.views.cell_table import Cells
from core.exchange.tables.rows import Row
from core.exchange.words import number, signed
from core.robustness.robustness import Examples, Robustness

ROUNDING = 1e-6  # of the range: what float32 makes of no change
HEADS = ("Feature", "Unit", "As it is", "Added", "Attacked", "Of range")
HEAD_TIPS = (
    "A category has a row for each of its levels",
    "Of the numbers",
    "Before the attack",
    "By the attack",
    "After it",
    "What was added, as a share of the range of the data in that feature",
)


def feature_cells(found: Robustness, examples: Examples, attack: int, strength: int, index: int, names: Names) -> Cells:
    """What an attack made of every number of a sample; bars behind the changes are relative to the largest one."""
    before = examples.original[index].ravel().astype(np.float64)
    after = examples.attacked[attack, strength, index].ravel().astype(np.float64)
    scale = np.broadcast_to(found.range_high - found.range_low, before.shape) if found.range_high.size else before * 0
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(scale > 0, (after - before) / scale, 0.0)
    reach = float(np.nanmax(np.abs(share), initial=0.0)) or 1.0
    rows: list[tuple[str, ...]] = []
    copied: list[Row] = [("feature", "unit", "original", "added", "attacked", "added (share of the range)")]
    for (name, unit), old, new, part in zip(
        names.of_columns(len(before)), before.tolist(), after.tolist(), share.tolist(), strict=True
    ):
        known = np.isfinite(new)
        said = (signed(new - old), number(new), f"{signed(100 * part, 3)} %") if known else ("…", "…", "…")
        if known and 0 < abs(part) < ROUNDING:
            said = ("≈ 0", f"≈ {number(old)}", "≈ 0 %")
        rows.append((name, unit, number(old), *said))
        copied.append((name, unit, old, new - old, new, part))
    bars = {(row, 5): abs(part) / reach for row, part in enumerate(share.tolist()) if np.isfinite(part)}
    return Cells(heads=HEADS, rows=rows, copied=tuple(copied), words=2, head_tips=HEAD_TIPS, shares=bars)
