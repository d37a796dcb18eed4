"""How many parameters the architectures have, which inputs they take, and how much memory training them needs."""

import pytest
import torch

from core.errors import InvalidRequest
from core.networks.architectures.registry import blueprint, build_architecture
from core.networks.architectures.size import activation_bytes, parameter_count

CIFAR = (3, 32, 32)


def wide_residual(times: int, *, shortcuts: bool) -> int:
    """Parameters of a ResNet-56 of that width for ten classes, added up layer by layer."""
    width = 16 * times
    total = 27 * width + 2 * width  # the first convolution and its normalisation
    before = width
    for channels in (width, 2 * width, 4 * width):
        total += 9 * before * channels + 17 * 9 * channels**2 + 18 * 2 * channels
        if shortcuts and before != channels:
            total += before * channels + 2 * channels
        before = channels
    return total + 10 * before + 10


@pytest.mark.parametrize(
    ("name", "shape", "classes", "parameters"),
    [
        ("resnet56_pad", CIFAR, 10, 853_018),
        ("resnet110_pad", CIFAR, 10, 1_727_962),
        *((f"wrn56_{times}", CIFAR, 10, wide_residual(times, shortcuts=True)) for times in (1, 2, 4, 8)),
        *((f"wrn56_{times}_noshort", CIFAR, 10, wide_residual(times, shortcuts=False)) for times in (1, 2, 4, 8)),
        ("resnet18", CIFAR, 10, 11_173_962),
        ("resnet18", CIFAR, 100, 11_173_962 + 90 * 513),
        ("vgg9", CIFAR, 10, 2_789_706),
        ("densenet121", CIFAR, 10, 6_956_298),
        ("densenet121_w24", CIFAR, 10, 1_000_618),  # growth rate 12
        ("googlenet", CIFAR, 10, 6_166_250),
        ("c1", CIFAR, 10, 1_756_682),
        ("c2", CIFAR, 10, 1_148_746),
        ("c3", CIFAR, 10, 1_148_746 - 2 * (64 + 64 + 128 + 128)),
        ("m1", (1, 28, 28), 10, 431_080),
        ("drawing", (4, 128), 2, 168 + 2 * 328 + 1024 * 1025 + 2 * 1025),
    ],
)
def test_networks_have_the_published_number_of_parameters(
    name: str, shape: tuple[int, ...], classes: int, parameters: int
) -> None:
    assert parameter_count(blueprint(name, shape, classes)) == parameters


@pytest.mark.parametrize("times", [1, 2, 4, 8])
@pytest.mark.parametrize("ending", ["", "_noshort", "_pad"])
def test_both_names_of_a_wide_network_mean_the_same(times: int, ending: str) -> None:
    one, other = (blueprint(f"{name}{times}{ending}", CIFAR, 10) for name in ("wrn56_", "resnet56_k"))
    assert [(name, value.shape) for name, value in one.state_dict().items()] == [
        (name, value.shape) for name, value in other.state_dict().items()
    ]


SMALLEST = {
    "resnet8_w2": 4,
    "resnet8_w2_pad": 4,
    "resnet8_w3_pad": 4,
    "resnet18_w2": 8,
    "vgg9_w2": 8,
    "densenet121_w2": 8,
    "googlenet_w6": 4,
    "c1_w2": 4,
    "c2_w2": 16,
    "c3_w2": 16,
    "m1_w2": 16,
    "m1_w1": 16,
}


@pytest.mark.parametrize(("name", "smallest"), SMALLEST.items())
def test_the_smallest_images_are_taken_and_smaller_ones_refused_with_the_size(name: str, smallest: int) -> None:
    for shape in ((1, smallest, smallest), (5, smallest, smallest + 7), (3, smallest + 3, smallest)):
        module = build_architecture(name, shape, 7)
        assert module(torch.randn(3, *shape)).shape == (3, 7)
    for shape in ((1, smallest - 1, smallest), (1, smallest, smallest - 1)):
        with pytest.raises(InvalidRequest, match=f"at least {smallest} × {smallest} pixels"):
            build_architecture(name, shape, 7)


@pytest.mark.parametrize("shape", [(4, 128), (5, 128), (4, 5), (1, 40)])
@pytest.mark.parametrize("outputs", [2, 25])
def test_the_drawing_network_takes_any_number_of_fields_and_slots(shape: tuple[int, int], outputs: int) -> None:
    module = build_architecture("drawing_w1", shape, outputs)
    assert module(torch.randn(3, *shape)).shape == (3, outputs)


@pytest.mark.parametrize(
    ("name", "shape", "classes", "words"),
    [
        ("drawing", (4, 4), 2, "at least 5 line slots, not 4"),
        ("drawing", (4, 0), 2, "between 1 and 65,536"),
        ("vgg9", (32, 32), 10, "channels × height × width"),
        ("c1", (0, 32, 32), 10, "between 1 and 65,536"),
        ("c1", (3, 10**20, 32), 10, "between 1 and 65,536"),
        ("c1", (3, 60_000, 60_000), 10, "weights for inputs of shape"),
        ("resnet20", CIFAR, 0, "1 to 1,048,576 outputs, not 0"),
        ("resnet20", CIFAR, 10**20, "1 to 1,048,576 outputs"),
    ],
)
def test_an_input_that_makes_no_sense_is_refused(name: str, shape: tuple[int, ...], classes: int, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        build_architecture(name, shape, classes)


def test_a_blueprint_has_no_numbers_and_uses_up_no_random_ones() -> None:
    state = torch.get_rng_state()
    module = blueprint("wrn110_8", CIFAR, 10)
    assert all(parameter.is_meta for parameter in module.parameters())
    assert torch.equal(torch.get_rng_state(), state)


NETWORKS = [
    ("resnet8_w4", (3, 16, 16)),
    ("resnet8_w4_pad", (3, 16, 16)),
    ("resnet18_w4", (3, 16, 16)),
    ("vgg9_w4", (3, 16, 16)),
    ("densenet121_w4", (3, 16, 16)),
    ("googlenet_w12", (3, 16, 16)),
    ("c1_w4", (3, 16, 16)),
    ("c2_w4", (3, 16, 16)),
    ("m1_w4", (1, 28, 28)),
    ("drawing_w2", (4, 128)),
    ("mlp:768-20x3-10", (3, 16, 16)),
]


@pytest.mark.parametrize(("name", "shape"), NETWORKS)
def test_the_estimated_memory_is_what_a_training_step_keeps(name: str, shape: tuple[int, ...]) -> None:
    batch = 16
    module = build_architecture(name, shape, 10).train()
    own = {tensor.untyped_storage().data_ptr() for tensor in (*module.parameters(), *module.buffers())}
    kept: dict[int, torch.UntypedStorage] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            kept[storage.data_ptr()] = storage
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        module(torch.randn(batch, *shape))
    truth = sum(storage.nbytes() for storage in kept.values())
    for asked in (module, blueprint(name, shape, 10)):
        assert truth * 0.95 <= activation_bytes(asked, shape, batch) <= truth * 1.1


def test_estimating_leaves_a_network_as_it_was() -> None:
    module = build_architecture("resnet8_w2", (3, 8, 8), 3).train()
    before = {name: value.clone() for name, value in module.state_dict().items()}
    activation_bytes(module, (3, 8, 8), 64)
    assert module.training
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())
    assert all(parameter.grad is None for parameter in module.parameters())


def test_weights_that_two_layers_share_count_once() -> None:
    layer = torch.nn.Linear(5, 5)
    assert parameter_count(torch.nn.Sequential(layer, torch.nn.ReLU(), layer)) == 30
