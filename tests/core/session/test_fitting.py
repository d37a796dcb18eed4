"""What can stand in one plane with a network, and what cannot."""

from dataclasses import replace

from core.session.document import Document
from core.session.fitting import normalises, partners_of, planes_of, runs_of
from tests.documents import directions, landscape_document, network_item, program_item
from tests.runs import run_item


def document_of(*items) -> Document:
    document = Document()
    for item in items:
        document = document.with_item(item)
    return document


def test_networks_with_tensors_of_the_same_shapes_are_partners_and_no_others() -> None:
    own, twin = network_item(), network_item("network-2", seed=1)
    wider = replace(
        network_item("network-3", seed=2), weights={**twin.weights, "1.weight": twin.weights["1.weight"][:4]}
    )
    assert partners_of(own, document_of(own, twin, wider, program_item())) == (twin,)


def test_the_very_same_weights_are_no_partner() -> None:
    own = network_item()
    assert partners_of(own, document_of(own, network_item("network-2"))) == ()


def test_a_counter_of_batches_that_one_file_lacks_parts_nobody() -> None:
    own, twin = network_item(), network_item("network-2", seed=1)
    counted = replace(twin, weights={**twin.weights, "2.num_batches_tracked": twin.weights["1.bias"][:1]})
    assert partners_of(own, document_of(own, counted)) == (counted,)


def test_the_run_that_a_network_came_of_is_offered_first() -> None:
    own = network_item()
    other, origin = run_item("run-0"), replace(run_item("run-1"), network_id=own.id)
    assert runs_of(own, document_of(own, other, origin)) == (origin, other)


def test_a_run_with_two_checkpoints_spans_no_plane() -> None:
    own, short = network_item(), run_item("run-0", epochs=1)
    assert len(short.run.checkpoints) == 2
    assert runs_of(own, document_of(own, short)) == ()


def test_only_results_with_two_axes_are_planes() -> None:
    document = landscape_document()
    own = document.networks[0]
    planes = {item.id for item in planes_of(own, document)}
    assert {"surface-0", "surface-1", "trajectory-0", "convexity-0"} <= planes
    assert not planes & {"curve-0", "curve-1", "initialisations-0", "spectrum-0"}


def test_the_plane_of_another_network_is_offered_if_its_axes_can_be_followed() -> None:
    document = landscape_document().with_item(network_item("network-9", seed=9))
    assert [item.id for item in planes_of(document.items["network-9"], document)]  # type: ignore[arg-type]
    lacking = {name: value for name, value in directions().x.items() if name != "3.weight"}
    stranger = replace(
        network_item("network-8"), weights={name: document.networks[0].weights[name] for name in lacking}
    )
    assert planes_of(stranger, document) == ()


def test_a_network_without_running_statistics_does_not_normalise() -> None:
    own = network_item()
    assert not normalises(own)
    assert normalises(replace(own, weights={**own.weights, "2.running_mean": own.weights["1.bias"]}))
