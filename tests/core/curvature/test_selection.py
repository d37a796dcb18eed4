"""Which parameters a matrix is about."""

import pytest
from torch import nn

from core.curvature.selection import layer_names, select
from core.errors import InvalidRequest


def network() -> nn.Module:
    block = nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.ReLU())
    return nn.Sequential(block, nn.Sequential(nn.Linear(5, 5), nn.ReLU()), nn.Linear(5, 2))


def test_all_parameters_are_chosen_without_a_word() -> None:
    chosen = select(network())
    assert chosen.names == tuple(name for name, _ in network().named_parameters())
    assert chosen.size == sum(parameter.numel() for parameter in network().parameters())


def test_a_layer_takes_all_that_is_in_it_and_not_what_only_begins_alike() -> None:
    assert select(network(), ["0"]).names == ("0.0.weight", "0.0.bias", "0.1.weight", "0.1.bias")
    assert select(network(), ["0.1"]).names == ("0.1.weight", "0.1.bias")
    module = nn.ModuleDict({"conv1": nn.Linear(2, 2), "conv10": nn.Linear(2, 2)})
    assert select(module, ["conv1"]).names == ("conv1.weight", "conv1.bias")


def test_several_layers_come_in_the_order_of_the_network() -> None:
    assert select(network(), ["2", "1"]).names == ("1.0.weight", "1.0.bias", "2.weight", "2.bias")


def test_weights_alone_leave_out_biases_and_normalisation() -> None:
    assert select(network(), weights_only=True).names == ("0.0.weight", "1.0.weight", "2.weight")
    assert select(network(), ["2"], weights_only=True).size == 10


def test_places_find_the_parameters_in_a_copy() -> None:
    module, copy = network(), network()
    chosen = select(module, ["1"])
    assert [parameter.shape for parameter in chosen.of(copy)] == [(5, 5), (5,)]
    assert chosen.of(copy)[0] is copy[1][0].weight  # type: ignore[index]


def test_weights_that_two_layers_share_belong_to_both() -> None:
    module = nn.ModuleDict({"encoder": nn.Linear(3, 3), "decoder": nn.Linear(3, 3)})
    module["decoder"].weight = module["encoder"].weight
    assert select(module, ["decoder"]).names == ("encoder.weight", "decoder.bias")


def test_a_layer_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(InvalidRequest, match=r'no parameters in a layer "fc7"\. Layers .* are 0\.0, 0\.1, 1\.0, 2;'):
        select(network(), ["fc7"])
    with pytest.raises(InvalidRequest, match="and 28 more"):
        select(nn.Sequential(*[nn.Linear(2, 2) for _ in range(40)]), ["x"])


def test_a_layer_without_parameters_is_refused() -> None:
    with pytest.raises(InvalidRequest, match=r'no parameters in a layer "0\.2"'):
        select(network(), ["0.2"])


def test_a_choice_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"The layers 0\.1 hold no weights besides biases and normalisation"):
        select(network(), ["0.1"], weights_only=True)


def test_layers_are_those_with_parameters_of_their_own() -> None:
    assert layer_names(network()) == ("0.0", "0.1", "1.0", "2")
