"""The options of ``corrie train`` that make a recipe, and the sweep that they ask for."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar, cast

import click

from app.cli.inputs import numbers, seed_type
from core.errors import InvalidRequest
from core.robustness.kinds import ATTACK_NAMES
from core.training.presets import ANY_INPUT, find_preset
from core.training.recipe import AdaptiveBatch, RobustTraining, TrainingRequest
from core.training.sweep import Scaling, SweepRequest

F = TypeVar("F", bound=Callable[..., Any])

PLAIN = "none"  # in the list of --robust: a run without
SCALINGS: dict[str, Scaling] = {"none": "none", "linear": "linear", "sqrt": "square root"}
EPOCHS = 10
ADAM_RATE = 0.001  # a tenth, the rate for SGD, makes Adam diverge
CURVATURE_SAMPLES = 256
LIST = "A comma-separated list makes a sweep."
POSITIVE = click.FloatRange(min=0, min_open=True)
COUNT = click.IntRange(min=1)
CHOICES = ", ".join(ATTACK_NAMES)


def list_of(convert: Callable[[Any, None, None], Any]) -> Callable[[str], tuple[Any, ...]]:
    """A type of option: values with a comma between them, each as a click type converts it."""

    def converted(text: str) -> tuple[Any, ...]:
        parts = [part.strip() for part in text.split(",")]
        if not all(parts):
            raise click.BadParameter(f'"{text}" is no list of values with a comma between them.')
        return tuple(convert(part, None, None) for part in parts)

    return converted


@dataclass(frozen=True, kw_only=True)
class RecipeOptions:
    """What was given on the command line; None stands for what was not."""

    preset: str | None
    name: str | None
    epochs: int | None
    batch_size: tuple[int, ...] | None
    micro_batch: int | None
    optimizer: str | None
    learning_rate: float | None
    scale_rate: str | None
    milestones: str | None
    decay: float | None
    momentum: float | None
    nesterov: bool | None
    weight_decay: float | None
    augment: str | None
    robust: tuple[str, ...] | None
    epsilon: tuple[float, ...] | None
    robust_share: float | None
    damping: float | None
    adaptive: bool | None
    checkpoint_every: int | None
    evaluate_every: int | None
    track_curvature: int | None
    samples: int | None
    seed: tuple[int, ...] | None
    mean: str | None
    std: str | None

    @property
    def given(self) -> bool:
        """Whether anything is asked for."""
        return any(getattr(self, field.name) is not None for field in fields(self))


OPTIONS = (
    click.option("--preset", metavar="NAME", help="A recipe that comes with Corrie; other options change it."),
    click.option("--name", metavar="NAME", help="Of the network. [default: ARCHITECTURE]"),
    click.option("--epochs", type=COUNT, metavar="N", help=f"Passes over DATA. [default: {EPOCHS}]"),
    click.option("--batch-size", type=list_of(COUNT.convert), metavar="N[,N…]", help=f"[default: 128] {LIST}"),
    click.option("--micro-batch", type=COUNT, metavar="N", help="Samples that pass at once, where memory asks for it."),
    click.option("--optimizer", type=click.Choice(["sgd", "adam"]), help="[default: sgd]"),
    click.option("--learning-rate", type=POSITIVE, metavar="R", help=f"[default: 0.1, of Adam {ADAM_RATE:g}]"),
    click.option(
        "--scale-rate",
        type=click.Choice(list(SCALINGS)),
        help="How the rate grows with the batch size, from that of the recipe, 128. [default: none]",
    ),
    click.option(
        "--milestones", metavar="S[,S…]", help="Shares of the epochs after which the rate decays, or none. "
        "[default: 0.5,0.75,0.9167]",
    ),
    click.option(
        "--decay", type=click.FloatRange(0, 1, min_open=True), metavar="F", help="Factor at a milestone. [default: 0.1]"
    ),
    click.option(
        "--momentum", type=click.FloatRange(0, 1, max_open=True), metavar="M", help="Of SGD. [default: 0.9]"
    ),
    click.option("--nesterov/--no-nesterov", default=None, help="Nesterov's momentum. [default: yes]"),
    click.option("--weight-decay", type=click.FloatRange(min=0), metavar="W", help="L2 penalty. [default: 0.0005]"),
    click.option(
        "--augment", type=click.Choice(["none", "crop", "crop_flip"]), help="Of images, anew in each epoch. "
        "[default: none]",
    ),
    click.option(
        "--robust", type=list_of(click.Choice([PLAIN, *ATTACK_NAMES]).convert), metavar="ATTACK[,…]",
        help=f"Train against an attack: {CHOICES}; or none. {LIST}",
    ),
    click.option(
        "--epsilon", type=list_of(POSITIVE.convert), metavar="E[,E…]",
        help=f"Strength of it, as a share of the data's range. [default: 0.1] {LIST}",
    ),
    click.option(
        "--robust-share", type=click.FloatRange(0, 1, min_open=True), metavar="S",
        help="Share of each batch that is attacked. [default: 0.5]",
    ),
    click.option("--damping", type=POSITIVE, metavar="D", help="Of the second-order attacks. [default: 0.01]"),
    click.option("--adaptive/--no-adaptive", default=None, help="Let the batch grow as the curvature falls (ABSA)."),
    click.option(
        "--checkpoint-every", type=click.IntRange(min=0), metavar="N",
        help="Keep the weights of every N-th epoch, for trajectories. [default: first and last only]",
    ),
    click.option("--evaluate-every", type=COUNT, metavar="N", help="Epochs between looks at whole sets. [default: 1]"),
    click.option(
        "--track-curvature", type=click.IntRange(min=0), is_flag=False, flag_value=CURVATURE_SAMPLES, metavar="[N]",
        help=f"Gradient norm and top eigenvalue in each epoch, on N samples. [N: {CURVATURE_SAMPLES}]",
    ),
    click.option("--samples", type=COUNT, metavar="N", help="Learn from the first N samples of DATA. [default: all]"),
    click.option("--seed", type=list_of(seed_type.convert), metavar="N[,N…]", help=f"[default: 0] {LIST}"),
    click.option("--mean", metavar="M[,M…]", help="Taken from the data: one, or per channel. [default: their own]"),
    click.option("--std", metavar="S[,S…]", help="What the data are divided by after that. [default: their own]"),
)  # fmt: skip


def recipe_options(command: F) -> F:
    """All options that make a recipe. The command gets them as one `RecipeOptions` called ``recipe``."""
    names = [field.name for field in fields(RecipeOptions)]

    @functools.wraps(command)
    def with_recipe(**others: Any) -> Any:
        return command(recipe=RecipeOptions(**{name: others.pop(name) for name in names}), **others)

    decorated: Any = with_recipe
    for decorate in reversed(OPTIONS):
        decorated = decorate(decorated)
    return cast("F", decorated)


def normalisation(options: RecipeOptions) -> tuple[tuple[float, ...] | None, tuple[float, ...] | None]:
    """Mean and std as they were asked for. Raises `click.BadParameter`."""
    return numbers(options.mean, "--mean"), numbers(options.std, "--std")


def sweep_of(architectures: Sequence[str], options: RecipeOptions) -> SweepRequest:
    """What the options ask for. Its recipe's input says nothing yet: see `presets.ANY_INPUT`.

    Parameters
    ----------
    architectures : sequence of str
        May be empty with a preset, which names its own.

    Raises
    ------
    click.UsageError
        If the options contradict each other.
    """
    try:
        base = _base(architectures, options)
        rates = _rates(options)
        recipe = replace(base.recipe, **_changes(options), **rates)
        return replace(
            base,
            recipe=recipe,
            architectures=tuple(architectures) or base.architectures,
            batch_sizes=options.batch_size or base.batch_sizes,
            seeds=options.seed or base.seeds,
            robust=_robust(options, base),
            scaling=SCALINGS[options.scale_rate] if options.scale_rate else base.scaling,
        )
    except InvalidRequest as error:
        raise click.UsageError(str(error)) from error


def _base(architectures: Sequence[str], options: RecipeOptions) -> SweepRequest:
    if options.preset is not None:
        base = find_preset(options.preset).sweep(ANY_INPUT)
        if not architectures:
            return base
        named = architectures[0] if len(architectures) == 1 else base.recipe.name
        return replace(base, recipe=replace(base.recipe, name=named, architecture=architectures[0]))
    name = ", ".join(architectures)
    return SweepRequest(
        recipe=TrainingRequest(name=name, architecture=architectures[0], input=ANY_INPUT, epochs=EPOCHS)
    )


def _changes(options: RecipeOptions) -> dict[str, Any]:
    """The fields of the recipe that were given."""
    values = {
        "name": options.name,
        "epochs": options.epochs,
        "micro_batch": options.micro_batch,
        "optimizer": options.optimizer,
        "decay": options.decay,
        "momentum": options.momentum,
        "nesterov": options.nesterov,
        "weight_decay": options.weight_decay,
        "augmentation": options.augment,
        "checkpoint_every": options.checkpoint_every,
        "evaluate_every": options.evaluate_every,
        "curvature_samples": options.track_curvature,
        "samples": options.samples,
    }
    changes: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
    if options.adaptive is not None:
        changes["adaptive"] = AdaptiveBatch() if options.adaptive else None
    return changes


def _rates(options: RecipeOptions) -> dict[str, Any]:
    """The learning rate and its schedule, where something is said about them."""
    changes: dict[str, Any] = {}
    if options.learning_rate is not None:
        changes["learning_rate"] = options.learning_rate
    elif options.optimizer == "adam":
        changes["learning_rate"] = ADAM_RATE
    if options.milestones is not None:
        none = options.milestones.strip().lower() in ("", PLAIN)
        changes["milestones"] = () if none else numbers(options.milestones, "--milestones")
    return changes


def _robust(options: RecipeOptions, base: SweepRequest) -> tuple[RobustTraining | None, ...]:
    """Every attack with every strength; those of the preset where none is named."""
    attacks: tuple[RobustTraining | None, ...]
    if options.robust is not None:
        named = cast("tuple[Any, ...]", options.robust)  # click has checked the names
        attacks = tuple(None if name == PLAIN else RobustTraining(attack=name) for name in named)
    else:
        attacks = base.robust or ((base.recipe.robust,) if base.recipe.robust is not None else ())
    changed = [options.epsilon, options.robust_share, options.damping]
    if not any(attacks) and any(value is not None for value in changed):
        raise click.UsageError("--epsilon, --robust-share and --damping belong to robust training: add --robust fgsm.")
    return tuple(each for attack in attacks for each in _strengths(attack, options))


def _strengths(attack: RobustTraining | None, options: RecipeOptions) -> tuple[RobustTraining | None, ...]:
    if attack is None:
        return (None,)
    share = attack.share if options.robust_share is None else options.robust_share
    damping = attack.damping if options.damping is None else options.damping
    strengths = options.epsilon or (attack.epsilon,)
    return tuple(replace(attack, epsilon=epsilon, share=share, damping=damping) for epsilon in strengths)
