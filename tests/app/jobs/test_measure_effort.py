"""How much work attacks, histories and measurements of size are."""

import pytest

from app.jobs.measure_effort import complexity_effort, history_effort, robustness_effort
from core.generalisation.complexity import ComplexityRequest
from core.robustness.robustness import RobustnessRequest
from core.spectrum.history import HistoryRequest


def test_attacks_of_one_step_take_their_gradient_once_for_all_strengths() -> None:
    one = robustness_effort(RobustnessRequest(attacks=("fgsm",), epsilon=(0.1,), input_hessian=False), 100, 10)
    three = RobustnessRequest(attacks=("fgsm",), epsilon=(0.1, 0.2, 0.3), input_hessian=False)
    assert one.most.passes == 100 * (1 + 3 + 1)
    assert robustness_effort(three, 100, 10).most.passes == 100 * (1 + 3 + 3)
    assert robustness_effort(three, 100, 10).units == 3


def test_every_step_of_pgd_and_every_output_in_the_hessian_is_counted() -> None:
    def passes(**asked: object) -> float:
        request = RobustnessRequest(epsilon=(0.1,), **asked)  # type: ignore[arg-type]
        return robustness_effort(request, 10, 10).most.passes

    assert passes(attacks=("pgd",), steps=20, input_hessian=False) == 10 * (1 + 3 * 20 + 1)
    assert passes(attacks=("fgsm",), input_hessian=True) == 10 * (1 + 3 + 1 + 3 * 10)
    assert passes(attacks=("fhsm",), input_hessian=False) > passes(attacks=("fgsm",), input_hessian=False)


def test_a_history_is_a_search_at_every_checkpoint() -> None:
    effort = history_effort(HistoryRequest(top=3), 64, 32, 7)
    assert effort.units == 7
    assert effort.most.passes == 7 * 96
    assert effort.least.products < effort.most.products
    assert effort.most.products == pytest.approx(7 * effort.each.products)
    assert effort.most.differentiated == 64


def test_sharpness_is_a_pass_for_every_direction_and_the_eigenvalue_a_search() -> None:
    without = complexity_effort(ComplexityRequest(draws=20, eigenvalue=False), 100, 50)
    more = complexity_effort(ComplexityRequest(draws=21, eigenvalue=False), 100, 50)
    assert more.most.passes - without.most.passes == 100
    assert without.most.products == 0
    assert complexity_effort(ComplexityRequest(draws=20), 100, 50).most.products > 0
