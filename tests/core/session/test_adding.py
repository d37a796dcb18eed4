"""Names and items that are in a document only once."""

from dataclasses import replace

from core.session.adding import free_name, known_dataset, known_network
from tests import documents


def test_a_second_result_of_the_same_name_gets_a_number() -> None:
    document = documents.document()
    taken = document.results[0].name
    assert free_name(document, "unheard of") == "unheard of"
    assert free_name(document, taken) == f"{taken} (2)"
    second = replace(document.results[0], id="another", name=f"{taken} (2)")
    assert free_name(document.with_item(second), taken) == f"{taken} (3)"


def test_the_same_network_and_data_are_found_again_whatever_their_id() -> None:
    document = documents.document()
    network, data = document.networks[0], document.datasets[0]
    assert known_network(document, replace(network, id="new")) is network
    assert known_dataset(document, replace(data, id="new")) is data
    other = replace(network, id="new", sha256="0" * 64)
    assert known_network(document, other) is other
