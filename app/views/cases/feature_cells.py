"""The features of a table of cases with bars of how often they change."""

from app.views.cell_table import Cells
from core.corrections.records.cases import Cases
from core.exchange.case_words import changed_words
from core.exchange.words import whole

FEATURE_HEADS = ("Feature", "Changed in")
FEATURE_TIPS = ("That may change", "Corrections that change it")


def feature_cells(cases: Cases) -> Cells:
    """A feature in each row, the most often changed first."""
    pairs = changed_words(cases)
    total = max(1, int(cases.corrected.sum()))
    return Cells(
        heads=FEATURE_HEADS,
        rows=[(name, whole(amount)) for name, amount in pairs],
        copied=(("feature", "changed in"), *pairs),
        head_tips=FEATURE_TIPS,
        shares={(row, 1): amount / total for row, (_, amount) in enumerate(pairs)},
    )
