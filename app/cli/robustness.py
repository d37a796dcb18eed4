"""``corrie robustness``: accuracy under attack."""

from pathlib import Path
from typing import cast, get_args

import click

from app.cli.answering import answer
from app.cli.company import ALONE, Company
from app.cli.inputs import DATA_HELP, file_type, network_and_data, resume_option, seed_type
from app.cli.opening import open_both, open_other
from core.companions import Companions
from core.networks.options import OpeningOptions
from core.networks.storing import store_network
from core.robustness.kinds import Attack
from core.robustness.robustness import MOST_EXAMPLES, RobustnessRequest

_USUAL = RobustnessRequest()
_ATTACK_HELP = "Among fgsm, fgsm10, pgd, l2grad, fhsm and l2hess; or all."
_EPSILON_HELP = (
    "Largest change of one number, as a share of the range of the data; attacks along a gradient (l2grad, l2hess) "
    "change a sample by the L2 length ε·√D of D numbers."
)
_DAMPING_HELP = (
    "Of fhsm and l2hess: added to the Hessian in the input, relative to its largest eigenvalue; 0: the pseudo-inverse."
)


@click.command("robustness", epilog=DATA_HELP)
@network_and_data
@click.option(
    "--attack", "attacks", default=",".join(_USUAL.attacks), show_default=True, metavar="NAME,…", help=_ATTACK_HELP
)
@click.option(
    "--epsilon",
    default=",".join(f"{value:g}" for value in _USUAL.epsilon),
    show_default=True,
    metavar="E,…",
    help=_EPSILON_HELP,
)
@click.option("--damping", type=float, default=_USUAL.damping, show_default=True, help=_DAMPING_HELP)
@click.option("--steps", type=click.IntRange(1, 10_000), default=_USUAL.steps, show_default=True, help="Of pgd.")
@click.option(
    "--examples",
    type=click.IntRange(0, MOST_EXAMPLES),
    default=_USUAL.examples,
    show_default=True,
    help="Attacked samples to keep, to be looked at.",
)
@click.option(
    "--transfer-from", type=file_type, metavar="NETWORK", help="Make the attacks on this network; NETWORK judges them."
)
@click.option("--no-input-hessian", is_flag=True, help="Leave out the eigenvalues of the Hessian in the input.")
@click.option("--seed", type=seed_type, default=0, show_default=True, help="Of pgd's random start.")
@resume_option
def command(
    options: OpeningOptions,
    network: Path,
    data: str,
    samples: int | None,
    output: Path | None,
    as_json: bool,
    attacks: str,
    epsilon: str,
    damping: float,
    steps: int,
    examples: int,
    transfer_from: Path | None,
    no_input_hessian: bool,
    seed: int,
    resume: Path | None,
) -> int:
    """Attack NETWORK on DATA, and count what it still gets right.

    Strengths are shares of the range of the data, which no attacked sample leaves. Pictures of the attacked samples:
    corrie export FILE --examples --to PICTURE.png.
    """
    kinds, strengths = _attacks(attacks), _strengths(epsilon)
    opened, samples_of = open_both(network, options, data)
    company = ALONE if transfer_from is None else _company(transfer_from, options)
    request = RobustnessRequest(
        attacks=kinds,
        epsilon=strengths,
        damping=damping,
        steps=steps,
        samples=samples,
        seed=seed,
        made_on="" if company is ALONE else company.networks[0].sha256,
        input_hessian=not no_input_hessian,
        examples=examples,
    )
    return answer(request, opened, samples_of, data, output=output, resume=resume, as_json=as_json, company=company)


def _attacks(text: str) -> tuple[Attack, ...]:
    """Names of attacks in their order; ``all`` of them. Raises `click.BadParameter` for any other word."""
    known: tuple[str, ...] = get_args(Attack)
    names = known if text.strip().lower() == "all" else tuple(name.strip().lower() for name in text.split(","))
    for name in names:
        if name not in known:
            raise click.BadParameter(
                f'"{name}" is no attack. There are: {", ".join(known)}, and all.', param_hint="--attack"
            )
    return cast("tuple[Attack, ...]", tuple(dict.fromkeys(names)))


def _strengths(text: str) -> tuple[float, ...]:
    """Strengths in rising order. Raises `click.BadParameter` for anything but numbers."""
    try:
        return tuple(sorted({float(part) for part in text.split(",")}))
    except ValueError:
        raise click.BadParameter(f'"{text}" is no list of strengths like 0.01,0.02.', param_hint="--epsilon") from None


def _company(path: Path, options: OpeningOptions) -> Company:
    """The network on which the attacks are made."""
    other = open_other(path, options)
    return Company(
        companions=Companions(networks={other.sha256: other}), networks=(other,), network_items=(store_network(other),)
    )
