"""`corrie robustness`: what it prints, keeps and resumes, against attacks made by plain torch."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
import torch
from torch.nn import functional

from core.data.builtin import open_builtin
from core.errors import Cancelled
from core.networks.loading import open_network
from core.robustness.engine import compute_robustness
from core.robustness.robustness import Robustness
from core.session.files import open_document, save_document
from tests.app.cli.conftest import Corrie
from tests.app.cli.house import reader_weights
from tests.core.landscape.stopping import StoppingJob

ASK = ("--attack", "fgsm,l2grad,pgd", "--epsilon", "0.02,0.1", "--samples", 60, "--examples", 3)


def fgsm_by_hand(samples: int, epsilon: float) -> tuple[float, float]:
    """Clean and attacked accuracy of the small reader on digits, all by plain torch in float64."""
    data = open_builtin("digits")
    x, y = torch.from_numpy(np.array(data.x[:samples])).double(), torch.from_numpy(np.array(data.y[:samples]))
    weights = {name: value.double() for name, value in reader_weights().items()}

    def logits(raw: torch.Tensor) -> torch.Tensor:
        hidden = torch.relu(((raw - 4.9) / 6.0).flatten(1) @ weights["1.weight"].T + weights["1.bias"])
        return hidden @ weights["3.weight"].T + weights["3.bias"]

    place = x.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(functional.cross_entropy(logits(place), y, reduction="sum"), place)
    attacked = (x + 16 * epsilon * gradient.sign()).clamp(0, 16)
    return tuple(float((logits(raw).argmax(dim=1) == y).double().mean()) for raw in (x, attacked))  # type: ignore[return-value]


def test_accuracies_are_those_of_plain_torch_and_all_of_it_is_in_the_session(corrie: Corrie, house, own_folder) -> None:
    outcome = corrie("robustness", house / "reader.toml", "digits", *ASK, "-o", "s.corrie.h5", "--json")
    assert outcome.status == 0
    values = outcome.values
    assert (values["kind"], values["status"], values["samples"]) == ("robustness", "complete", 60)
    assert values["attacks"] == ["fgsm", "l2grad", "pgd"]
    for column, epsilon in enumerate((0.02, 0.1)):
        assert (values["clean_accuracy"], values["accuracy"][0][column]) == fgsm_by_hand(60, epsilon)
    assert values["length"] == pytest.approx([0.16, 0.8])
    assert (values["range_low"], values["range_high"]) == ([0.0], [16.0])
    assert values["piecewise_linear"]
    assert values["saddle_free"]
    (item,) = open_document(own_folder / "s.corrie.h5").results
    found = item.result
    assert isinstance(found, Robustness)
    assert item.name == "Robustness of Small reader"
    assert found.accuracy.tolist() == values["accuracy"]
    assert found.examples is not None
    assert found.examples.attacked.shape == (3, 2, 3, 8, 8)


def test_people_get_a_table_with_intervals_and_what_the_strengths_mean(corrie: Corrie, house) -> None:
    out = corrie("robustness", house / "reader.toml", "digits", *ASK).out
    for words in (
        "FGSM %",
        "L2GRAD %",
        "L2 length",
        "as they are",
        "the range of the data, 0 to 16",
        "no saddle points",
    ):
        assert words in out
    assert len([line for line in out.splitlines() if line.strip().startswith(("0.02 ", "0.1 "))]) == 2


def test_tables_of_columns_and_two_classes_are_attacked_too(corrie: Corrie, house) -> None:
    outcome = corrie("robustness", house / "judge.toml", house / "corners.csv", "--attack", "all", "--json")
    assert outcome.status == 0, outcome.err
    assert len(outcome.values["range_low"]) == 6
    assert len(outcome.values["accuracy"]) == 6


def test_attacks_made_on_another_network_are_kept_with_it(corrie: Corrie, house, own_folder: Path) -> None:
    other = own_folder / "twin.toml"
    other.write_text(
        (house / "reader.toml").read_text().replace("Small reader", "Twin").replace("[4.9]", "[8.0]")
        .replace("reader.safetensors", str(house / "reader.safetensors"))
    )  # fmt: skip
    ask = ("robustness", house / "reader.toml", "digits", *ASK, "--transfer-from", other, "-o", "s.corrie.h5")
    values = corrie(*ask, "--json").values
    assert values["made_on"] == "Twin"
    document = open_document(own_folder / "s.corrie.h5")
    assert [network.name for network in document.networks] == ["Twin", "Small reader"]
    assert document.results[0].name == "Robustness of Small reader under attacks on another network"
    assert "made on" in corrie("info", "s.corrie.h5").out


def test_a_partial_result_is_completed_to_the_same_numbers(corrie: Corrie, house, own_folder: Path) -> None:
    ask = ("robustness", house / "reader.toml", "digits", *ASK)
    whole = corrie(*ask, "-o", "s.corrie.h5", "--json").values
    document = open_document(own_folder / "s.corrie.h5")
    (item,) = document.results
    network, data = open_network(house / "reader.toml"), open_builtin("digits")
    job = StoppingJob(300)
    with pytest.raises(Cancelled):
        compute_robustness(item.result.request, network, data, job)  # type: ignore[arg-type]
    part = job.snapshots[-1]
    assert isinstance(part, Robustness)
    assert 0 < np.isfinite(part.accuracy).sum() < part.accuracy.size
    items = {**document.items, item.id: replace(item, result=part)}
    save_document(replace(document, items=MappingProxyType(items)), own_folder / "p.corrie.h5")
    again = corrie(*ask, "--resume", "p.corrie.h5", "--json").values
    for name in ("item", "accuracy", "loss", "changed", "clean_accuracy", "smallest_input_eigenvalue", "worst"):
        assert again[name] == whole[name], name
    assert "is complete" in corrie(*ask, "--resume", "p.corrie.h5").sentence


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--attack", "magic"), '"magic" is no attack. There are: fgsm, fgsm10, l2grad, pgd, fhsm, l2hess, and all.'),
        (("--epsilon", "a,b"), '"a,b" is no list of strengths'),
        (("--steps", 0), "--steps"),
        (("--examples", 101), "--examples"),
        (("--transfer-from",), "--transfer-from"),
    ],
)
def test_options_that_make_no_sense_are_wrong_usage(corrie: Corrie, house, options, words: str) -> None:
    outcome = corrie("robustness", house / "reader.toml", "digits", *options)
    assert (outcome.status, outcome.out) == (2, "")
    assert words in outcome.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--epsilon", "0.1,2"), "up to 1, the whole range of the data"),
        (("--damping", "-1"), "The damping is not negative"),
        (("--samples", 5000), "has only 1797 samples"),
        (("--transfer-from", "nowhere.toml"), "nowhere.toml"),
    ],
)
def test_what_cannot_be_computed_is_said_in_one_sentence(corrie: Corrie, house, options, words: str) -> None:
    assert words in corrie("robustness", house / "reader.toml", "digits", *options).sentence


def test_another_network_for_other_samples_is_refused(corrie: Corrie, house) -> None:
    outcome = corrie(
        "robustness",
        house / "reader.toml",
        "digits",
        *ASK,
        "--transfer-from",
        house / "judge.toml",
        "-o",
        "s.corrie.h5",
    )
    assert '"Judge" cannot be shown to "Small reader"' in outcome.sentence


def test_curves_and_samples_are_exported(corrie: Corrie, house, own_folder: Path) -> None:
    corrie("robustness", house / "reader.toml", "digits", *ASK, "-o", "s.corrie.h5")
    for ending, options in (("png", ()), ("csv", ()), ("npz", ()), ("svg", ("--examples",))):
        assert corrie("export", "s.corrie.h5", "--to", f"out.{ending}", *options).status == 0
        assert (own_folder / f"out.{ending}").stat().st_size > 500
