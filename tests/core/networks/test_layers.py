"""Parameters by layer."""

from core.networks.layers import layers_of


def test_parameters_of_one_layer_stand_together_in_the_order_of_the_network() -> None:
    shapes = {"b.weight": (4, 3), "a.weight": (2, 2), "b.bias": (4,), "scale": ()}
    layers = layers_of(shapes)
    assert [(layer.name, layer.count) for layer in layers] == [("b", 16), ("a", 4), ("", 1)]
    assert layers[0].shapes == (("weight", (4, 3)), ("bias", (4,)))


def test_a_network_without_parameters_has_no_layers() -> None:
    assert layers_of({}) == ()
