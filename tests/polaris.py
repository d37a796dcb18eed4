"""The proof network of Zhang et al. 2018 as a user would bring it: a program and a table, each with its card."""

import csv
import itertools
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from core.data.tables.features import Feature, FeatureCard, write_feature_card
from core.networks.card import InputCard, NetworkCard, write_network_card
from core.networks.program import export_program
from tests.realdata import realdata_path

CONSTANT = (4, 34)  # raw columns that never change; the authors dropped them
STATIC = 14  # the first so many raw columns describe the conjecture, the others the search
CLASSES = ("provable", "not provable")
# The five features that the paper lets change in its second application, with their ranges and stabilities.
FREE = {
    "static_1": (0.0, 1.0, 0.025),
    "static_2": (0.0, 1.0, 0.025),
    "static_3": (0.0, 1.0, 0.025),
    "static_10": (0.0, 10.0, 0.25),
    "static_12": (0.0, 10.0, 0.25),
}

Arrays = dict[str, npt.NDArray[np.float64]]


def feature_names() -> list[str]:
    """As the data's description counts them: static features 1 to 14 and dynamic ones 1 to 39, without the constant."""
    names = [f"static_{n}" for n in range(1, STATIC + 1)] + [f"dynamic_{n}" for n in range(1, 40)]
    return [name for index, name in enumerate(names) if index not in CONSTANT]


def published_weights() -> Arrays:
    """``W0 (inputs, width), b0, …, mean, std`` as they were published."""
    with np.load(realdata_path("polaris-models/proof_8x100.npz"), allow_pickle=False) as file:
        return {name: file[name].astype(np.float64) for name in file.files if file[name].dtype.kind == "f"}


def theorems() -> tuple[npt.NDArray[np.float64], list[str]]:
    """The 51 features (6118, 51) of every conjecture, and whether one of the five heuristics proved it in time."""
    raw = np.loadtxt(realdata_path("ml-prove/all-data-raw.csv"), delimiter=",")
    features, seconds = np.delete(raw[:, :53], CONSTANT, axis=1), raw[:, 53:]
    return features, [CLASSES[0] if proved else CLASSES[1] for proved in (seconds >= 0).any(axis=1)]


def write_network(folder: Path) -> Path:
    """The network as ``proof.pt2`` with ``proof.toml``, which says how its input is normalised."""
    weights = published_weights()
    layers = [nn.Linear(*weights[f"W{n}"].shape) for n in itertools.takewhile(lambda n: f"W{n}" in weights, range(99))]
    with torch.no_grad():
        for number, layer in enumerate(layers):
            layer.weight.copy_(torch.from_numpy(weights[f"W{number}"].T))
            layer.bias.copy_(torch.from_numpy(weights[f"b{number}"]))
    chain = [module for layer in layers for module in (layer, nn.ReLU())][:-1]
    (folder / "proof.pt2").write_bytes(export_program(nn.Sequential(*chain).eval(), (len(weights["mean"]),)))
    shape = InputCard(
        shape=(len(weights["mean"]),), mean=tuple(weights["mean"].tolist()), std=tuple(weights["std"].tolist())
    )
    card = NetworkCard(name="Proof 8×100", input=shape, file="proof.pt2", classes=CLASSES)
    write_network_card(card, folder / "proof.toml")
    return folder / "proof.toml"


def write_table(folder: Path) -> Path:
    """All conjectures as ``theorems.csv`` with ``theorems.features.toml``."""
    names = feature_names()
    features, labels = theorems()
    with (folder / "theorems.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*names, "outcome"])
        writer.writerows([*map(repr, row.tolist()), label] for row, label in zip(features, labels, strict=True))
    card = FeatureCard(
        features=tuple(_feature(name) for name in names),
        target="outcome",
        classes=CLASSES,
        wanted=CLASSES[0],
        name="First-order theorems",
        source="Bridge, Holden and Paulson 2013, UCI Machine Learning Repository, CC BY 4.0",
    )
    write_feature_card(card, folder / "theorems.features.toml")
    return folder / "theorems.features.toml"


def _feature(name: str) -> Feature:
    if name not in FREE:
        return Feature(name=name, change="fixed")
    low, high, half_width = FREE[name]
    return Feature(name=name, low=low, high=high, half_width=half_width)
