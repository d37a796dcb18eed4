"""Every analysis of a plane from the command line, against truth obtained apart from it."""

from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional

from app.cli.group import run
from core.session.document import ResultItem, RunItem
from core.session.files import open_document, save_document
from tests.app.cli.conftest import Corrie
from tests.app.cli.house import reader_weights

OTHERS = ("second", "third")


def loss_of(weights: dict[str, torch.Tensor], folder: Path, samples: slice) -> float:
    """The loss of a reader of digits by plain torch in float64."""
    with np.load(folder / "digits.npz") as file:
        x, y = torch.from_numpy(file["x"][samples]).double(), torch.from_numpy(file["y"][samples])
    w = {name: value.double() for name, value in weights.items()}
    hidden = torch.relu(((x - 4.9) / 6.0).flatten(1) @ w["1.weight"].T + w["1.bias"])
    return float(functional.cross_entropy(hidden @ w["3.weight"].T + w["3.bias"], y))


@pytest.fixture(scope="module")
def readers(house: Path) -> Path:
    """The house with two more readers, and a test set."""
    for number, name in enumerate(OTHERS, start=1):
        generator = torch.Generator().manual_seed(number)
        weights = {
            key: value + 0.3 * torch.randn(value.shape, generator=generator) for key, value in reader_weights().items()
        }
        save_file(weights, house / f"{name}.safetensors")
        card = (house / "reader.toml").read_text(encoding="utf-8").replace("reader.safe", f"{name}.safe")
        (house / f"{name}.toml").write_text(card.replace("Small reader", name.title()), encoding="utf-8")
    with np.load(house / "digits.npz") as file:
        np.savez(house / "test.npz", x=file["x"][40:], y=file["y"][40:])
    return house


@pytest.fixture
def ask(readers: Path) -> tuple[object, ...]:
    return ("landscape", readers / "reader.toml", readers / "digits.npz", "--samples", 20)


def test_a_line_to_another_network_ends_at_its_own_loss(corrie: Corrie, ask, readers: Path) -> None:
    options = ("--one-dimensional", "--directions", f"to:{readers / 'second.toml'}", "--grid", 9)
    values = corrie(*ask, *options, "--test", readers / "test.npz", "--json").values
    assert values["kind"] == "curve"
    x = np.array(values["x"])
    assert (x[0], x[-1]) == (-0.5, 1.5)
    second = load_file(readers / "second.safetensors")
    for name, samples in (("loss", slice(20)), ("test_loss", slice(40, None))):
        (losses,) = values[name]
        for place, weights in ((0.0, reader_weights()), (1.0, second)):
            here = losses[int(np.flatnonzero(np.isclose(x, place))[0])]
            assert here == pytest.approx(loss_of(weights, readers, samples), rel=1e-5)
    assert values["anchors"][0]["name"] == "Second"


def test_a_line_halves_the_weights_half_way(corrie: Corrie, ask, readers: Path) -> None:
    options = ("--one-dimensional", "--directions", f"to:{readers / 'second.toml'}", "--grid", 3, "--range", 0, 1)
    values = corrie(*ask, *options, "--json").values
    second = load_file(readers / "second.safetensors")
    middle = {name: (value + second[name]) / 2 for name, value in reader_weights().items()}
    assert values["loss"][0][1] == pytest.approx(loss_of(middle, readers, slice(20)), rel=1e-5)


def test_random_curves_are_drawn_as_often_as_asked(corrie: Corrie, ask) -> None:
    values = corrie(*ask, "--one-dimensional", "--draws", 10, "--grid", 5, "--json").values
    losses = np.array(values["loss"])
    assert losses.shape == (10, 5)
    np.testing.assert_allclose(losses[:, 2], losses[0, 2], rtol=1e-5)  # all go through the network
    assert len({round(loss, 6) for loss in losses[:, 0]}) == 10


def test_the_plane_through_three_networks_meets_all_of_them(corrie: Corrie, ask, readers: Path, own_folder) -> None:
    others = f"to:{readers / 'second.toml'},{readers / 'third.toml'}"
    values = corrie(*ask, "--directions", others, "--grid", 5, "--json").values
    surface = open_document(own_folder / values["session"]).items[values["item"]].result
    places = {anchor["name"]: (anchor["x"], anchor["y"]) for anchor in values["anchors"]}
    assert places["Second"] == pytest.approx((1.0, 0.0))
    a, b = places["Third"]
    third = load_file(readers / "third.safetensors")
    reached = {
        name: value + a * torch.tensor(surface.directions.x[name]) + b * torch.tensor(surface.directions.y[name])
        for name, value in reader_weights().items()
    }
    for name, value in third.items():
        torch.testing.assert_close(reached[name], value, rtol=1e-4, atol=1e-5)
    assert surface.x[0] < 0
    assert surface.x[-1] > 1
    assert surface.y[0] < min(0, b) <= max(0, b) < surface.y[-1]


def test_the_networks_of_a_plane_and_the_test_set_go_into_the_session(corrie: Corrie, ask, readers, own_folder) -> None:
    options = ("--directions", f"to:{readers / 'second.toml'}", "--one-dimensional", "--grid", 3)
    values = corrie(*ask, *options, "--test", readers / "test.npz", "-o", "s.corrie.h5", "--json").values
    document = open_document(own_folder / "s.corrie.h5")
    assert {item.name for item in document.networks} == {"Small reader", "Second"}
    item = document.items[values["item"]]
    assert isinstance(item, ResultItem)
    assert document.items[item.test_id].name == "test"


def test_a_curve_of_low_loss_lies_no_higher_than_the_straight_line(corrie: Corrie, ask, readers: Path) -> None:
    options = ("--one-dimensional", "--range", 0, 1, "--grid", 9, "--json")
    lines = {
        word: corrie(*ask, *options, "--directions", f"{word}:{readers / 'second.toml'}").values["loss"][0]
        for word in ("to", "curve")
    }
    assert lines["curve"][0] == pytest.approx(lines["to"][0], rel=1e-5)
    assert lines["curve"][-1] == pytest.approx(lines["to"][-1], rel=1e-5)
    assert np.mean(lines["curve"]) < np.mean(lines["to"])


def test_eigenvectors_are_axes_on_request(corrie: Corrie, ask) -> None:
    values = corrie(*ask, "--directions", "eigen:1,3", "--grid", 5, "--range", -0.1, 0.1, "--json").values
    first, third = values["eigenvalues_of_directions"]
    assert abs(first) > abs(third) > 0
    assert values["cosine_of_directions"] == pytest.approx(0.0, abs=1e-3)


def test_directions_of_the_original_tool_are_taken_in_the_order_of_the_parameters(corrie, ask, own_folder) -> None:
    numbers = np.random.default_rng(0)
    axes = [
        [numbers.standard_normal(tuple(value.shape)).astype(np.float32) / 5 for value in reader_weights().values()]
        for _ in range(2)
    ]
    with h5py.File(own_folder / "directions.h5", "w") as file:
        for name, axis in zip(("xdirection", "ydirection"), axes, strict=True):
            group = file.create_group(name)
            for index, array in enumerate(axis):
                group[str(index)] = array
    values = corrie(*ask, "--directions", "directions.h5", "--grid", 3, "--method", "grid", "--json").values
    surface = open_document(own_folder / values["session"]).items[values["item"]].result
    for place, (name, array) in zip(axes[0], surface.directions.x.items(), strict=True):
        np.testing.assert_array_equal(array, place, err_msg=name)


@pytest.fixture(scope="module")
def trained(readers: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `corrie train` has trained two small networks."""
    folder = tmp_path_factory.mktemp("trained") / "runs"
    options = [
        "--epochs",
        "4",
        "--samples",
        "60",
        "--batch-size",
        "16,30",
        "--checkpoint-every",
        "1",
        "-o",
        str(folder),
    ]
    assert run(["train", "mlp:64-16-10", str(readers / "digits.npz"), *options]) == 0
    return folder


def test_the_way_of_a_training_lies_in_the_plane_of_its_checkpoints(
    corrie: Corrie, trained: Path, readers: Path, own_folder: Path
) -> None:
    document = open_document(trained / "runs.corrie.h5")
    card = min(trained.glob("*.toml"))
    ask = ("landscape", card, readers / "digits.npz", "--directions", "pca", "--grid", 5, "--checkpoints", trained)
    assert "Say which one with --run NAME" in corrie(*ask).sentence
    named = next(r for r in document.runs if document.items[r.network_id].name in card.read_text(encoding="utf-8"))
    values = corrie(*ask, "--run", named.name, "--trajectory", "-o", "s.corrie.h5", "--json").values
    (way,) = values["also"]
    assert way["kind"] == "trajectory"
    assert way["epoch"] == [0, 1, 2, 3, 4]
    assert (way["x"][-1], way["y"][-1]) == pytest.approx((0, 0), abs=1e-5)
    assert sum(way["explained_variance"]) <= 1 + 1e-9
    assert way["explained_variance"][0] >= way["explained_variance"][1]
    kept = open_document(own_folder / "s.corrie.h5")
    assert isinstance(kept.items[kept.items[way["item"]].run_id], RunItem)
    surface = kept.items[values["item"]].result
    assert surface.directions.fingerprint == kept.items[way["item"]].result.directions.fingerprint
    assert surface.x[0] < min(way["x"])
    assert max(way["x"]) < surface.x[-1]


def test_curvature_and_initialisations_are_computed_beside_a_surface(corrie: Corrie, ask) -> None:
    values = corrie(*ask, "--grid", 5, "--convexity", 3, "--initialisations", 4, "--json").values
    convexity, fresh = values["also"]
    assert (convexity["kind"], fresh["kind"]) == ("convexity", "initialisations")
    largest, smallest = np.array(convexity["max_eigenvalue"]), np.array(convexity["min_eigenvalue"])
    assert largest.shape == (3, 3)
    assert (largest >= smallest).all()
    assert len(set(fresh["loss"])) == 4


def test_everything_is_summed_up_in_words(corrie: Corrie, ask) -> None:
    out = corrie(*ask, "--grid", 5, "--convexity", 2, "--initialisations", 2).out
    for words in ("Surface of Small reader", "Convexity of Small reader", "Initialisations of Small reader"):
        assert words in out


def test_printed_numbers_have_their_units(corrie: Corrie, ask) -> None:
    out = corrie(*ask, "--grid", 3, "--convexity", 2, "--initialisations", 2).out
    facts = [line.split("  ", 1) for line in out.splitlines() if line]
    said = {name: value.strip() for name, value in facts}
    axes = "x: multiples of direction δ (filter-normalised); y: multiples of direction η (filter-normalised)"
    assert said["axes"] == axes
    assert out.count(axes) == 2  # of the surface and the map of the curvature
    assert " nats" in said["over the plane"]
    assert "up to 10 nats" in said
    assert said["largest eigenvalue"].endswith(" loss per squared weight")
    assert said["smallest eigenvalue"].endswith(" loss per squared weight")
    assert said["distance from the network"].endswith(" (norm in weight space)")
    curve = corrie(*ask, "--grid", 3, "--one-dimensional").out
    assert "x: multiples of direction δ (filter-normalised)\n" in curve
    assert "y: " not in curve


def test_what_is_missing_of_several_results_is_computed_on_resuming(corrie: Corrie, ask, own_folder: Path) -> None:
    several = (*ask, "--grid", 5, "--initialisations", 2, "-o", "s.corrie.h5", "--json")
    first = corrie(*several).values
    path = own_folder / "s.corrie.h5"
    document = open_document(path)
    save_document(document.without(first["also"][0]["item"]), path)
    again = corrie(*ask, "--grid", 5, "--initialisations", 2, "--resume", path, "--json").values
    assert again["kind"] == "initialisations"
    assert again["loss"] == first["also"][0]["loss"]
    assert "is complete" in corrie(*ask, "--grid", 5, "--initialisations", 2, "--resume", path).sentence


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--directions", "sideways"), "none of random, eigen, pca"),
        (("--directions", "pca"), "--checkpoints PATH"),
        (("--trajectory",), "--checkpoints PATH"),
        (("--draws", 3), "--one-dimensional"),
        (("--directions", "eigen:1"), "eigen:1,2"),
        (("--convexity", 3, "--one-dimensional"), "about a plane"),
    ],
)
def test_options_that_make_no_sense_together_are_refused(corrie: Corrie, ask, options, words: str) -> None:
    outcome = corrie(*ask, "--grid", 3, *options)
    assert outcome.status == 2
    assert words in " ".join(outcome.err.split())


def test_towards_one_network_leads_a_line_and_no_plane(corrie: Corrie, ask, readers: Path) -> None:
    outcome = corrie(*ask, "--grid", 3, "--directions", f"to:{readers / 'second.toml'}")
    assert outcome.status == 2
    assert "--one-dimensional" in outcome.err


@pytest.mark.parametrize("place", ["gone", "empty"])
def test_a_place_without_checkpoints_is_named(corrie: Corrie, ask, place: str, own_folder: Path) -> None:
    (own_folder / "empty").mkdir()
    sentence = corrie(*ask, "--grid", 3, "--directions", "pca", "--checkpoints", place).sentence
    assert place in sentence


def test_a_network_of_another_architecture_is_refused_by_name(corrie: Corrie, ask, readers: Path) -> None:
    options = ("--one-dimensional", "--directions", f"to:{readers / 'judge.toml'}", "--grid", 3)
    assert "Judge" in corrie(*ask, *options).sentence
