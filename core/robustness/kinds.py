"""The attacks by name. What each name stands for is said in `core.robustness.attacks`; no torch here."""

from typing import Literal

Attack = Literal["fgsm", "fgsm10", "l2grad", "pgd", "fhsm", "l2hess"]

ATTACK_NAMES: dict[Attack, str] = {
    "fgsm": "FGSM",
    "fgsm10": "FGSM-10",
    "l2grad": "L2GRAD",
    "pgd": "PGD",
    "fhsm": "FHSM",
    "l2hess": "L2HESS",
}
ALONG_GRADIENT: frozenset[Attack] = frozenset({"l2grad", "l2hess"})  # measured by the L2 length of a change
SECOND_ORDER: frozenset[Attack] = frozenset({"fhsm", "l2hess"})  # take Newton's direction
ONE_STEP: frozenset[Attack] = frozenset({"fgsm", "l2grad", "fhsm", "l2hess"})  # a direction times the strength
