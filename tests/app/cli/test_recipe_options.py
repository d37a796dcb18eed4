"""From the options of `corrie train` to a sweep: what is given counts, the rest is the preset's or the papers'."""

from dataclasses import fields

import click
import pytest

from app.cli.recipe_options import ADAM_RATE, EPOCHS, RecipeOptions, sweep_of
from core.training.recipe import AdaptiveBatch, RobustTraining
from core.training.sweep import SweepRequest


def asked(*architectures: str, **given: object) -> SweepRequest:
    nothing = {field.name: None for field in fields(RecipeOptions)}
    return sweep_of(architectures, RecipeOptions(**{**nothing, **given}))


def test_without_options_the_recipe_is_that_of_li_with_fewer_epochs() -> None:
    (request,) = asked("c1").requests()
    assert (request.name, request.architecture, request.epochs) == ("c1", "c1", EPOCHS)
    assert (request.learning_rate, request.batch_size, request.momentum, request.weight_decay) == (0.1, 128, 0.9, 5e-4)
    assert request.milestones == (0.5, 0.75, 0.9167)


def test_lists_give_every_combination_a_name_of_its_own() -> None:
    sweep = asked("c1", "c2", batch_size=(16, 64), seed=(0, 1), robust=("none", "pgd"), epsilon=(0.1, 0.2))
    requests = sweep.requests()
    assert len(requests) == len({request.name for request in requests}) == 2 * 2 * 2 * 3
    assert [request.architecture for request in requests[:12]] == ["c1"] * 12


def test_one_value_is_no_part_of_the_name() -> None:
    (request,) = asked("c1", batch_size=(16,), seed=(7,), robust=("pgd",)).requests()
    assert (request.name, request.batch_size, request.seed) == ("c1", 16, 7)
    assert request.robust == RobustTraining(attack="pgd")


@pytest.mark.parametrize(("scaling", "rate"), [("none", 0.1), ("linear", 0.4), ("sqrt", 0.2)])
def test_the_rate_follows_the_batch_size_from_that_of_the_recipe(scaling: str, rate: float) -> None:
    (request,) = asked("c1", batch_size=(512,), scale_rate=scaling).requests()
    assert request.learning_rate == pytest.approx(rate)


def test_adam_gets_a_rate_it_can_live_with_unless_one_is_given() -> None:
    assert asked("c1", optimizer="adam").recipe.learning_rate == ADAM_RATE
    assert asked("c1", optimizer="adam", learning_rate=0.1).recipe.learning_rate == 0.1


def test_milestones_can_be_left_out() -> None:
    assert asked("c1", milestones="none").recipe.milestones == ()
    assert asked("c1", milestones="0.3,0.6").recipe.milestones == (0.3, 0.6)


def test_an_adaptive_batch_is_switched_on_and_off() -> None:
    assert asked("c1", adaptive=True).recipe.adaptive == AdaptiveBatch()
    assert asked(preset="absa", adaptive=False).recipe.adaptive is None


def test_options_change_a_preset_and_leave_the_rest_of_it() -> None:
    sweep = asked(preset="quick-batch-size", epochs=2, batch_size=(8, 32))
    assert [request.batch_size for request in sweep.requests()] == [8, 32]
    assert (sweep.recipe.epochs, sweep.recipe.learning_rate, sweep.recipe.nesterov) == (2, 0.02, False)
    assert sweep.recipe.description.startswith("Quick: a small C1 over batch sizes")


def test_another_architecture_takes_the_place_of_those_of_the_preset() -> None:
    sweep = asked("mlp:64-16-10", preset="quick-shortcuts")
    (request,) = sweep.requests()
    assert (request.name, request.architecture) == ("mlp:64-16-10", "mlp:64-16-10")


def test_the_strength_of_a_presets_attacks_is_changed_and_its_plain_run_stays() -> None:
    plain, robust = asked(preset="quick-robust-twin", epsilon=(0.3,), robust_share=0.25).requests()
    assert plain.robust is None
    assert robust.robust == RobustTraining(attack="fgsm", epsilon=0.3, share=0.25)


def test_a_robust_preset_can_be_trained_plainly() -> None:
    (request,) = asked(preset="absa", robust=("none",)).requests()
    assert request.robust is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"epsilon": (0.1,)}, "add --robust fgsm"),
        ({"damping": 0.1, "robust": ("none",)}, "add --robust fgsm"),
        ({"batch_size": (8, 8)}, "names a value twice"),
        ({"seed": tuple(range(1001))}, "1,001 runs"),
        ({"preset": "nothing"}, 'no preset "nothing"'),
        ({"milestones": "half"}, "no list of numbers"),
        ({"milestones": "-1"}, "A milestone is a share"),
        ({"learning_rate": float("inf")}, "finite learning rate"),
    ],
)
def test_options_that_contradict_each_other_are_wrong_usage(given: dict[str, object], words: str) -> None:
    with pytest.raises(click.UsageError, match=words):
        asked("c1", **given)
