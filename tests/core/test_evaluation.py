"""Loss and accuracy in the table of networks are those of plain torch."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from core.data.builtin import examples_folder, open_builtin
from core.data.order import spread_rows
from core.errors import DataError
from core.evaluation import evaluate
from core.job import JobContext
from core.networks.loading import open_network
from tests import documents


def test_loss_and_accuracy_are_those_of_plain_torch_on_samples_from_all_over() -> None:
    network, data = open_network(examples_folder() / "digits_resnet.toml"), open_builtin("digits")
    found = evaluate(network, data, 100, JobContext())
    rows = spread_rows(len(data), 100)
    with torch.inference_mode():
        logits = network.module(network.normalise(data.x[rows]))
    labels = torch.from_numpy(np.array(data.y[rows]))
    assert found.samples == 100
    assert found.accuracy == pytest.approx(float((logits.argmax(dim=1) == labels).float().mean()))
    assert found.loss == pytest.approx(float(functional.cross_entropy(logits, labels)), rel=1e-5)


def test_more_samples_than_there_are_means_all_of_them() -> None:
    network, data = open_network(examples_folder() / "digits_resnet.toml"), open_builtin("digits")
    assert evaluate(network, data.first(20), 1000, JobContext()).samples == 20


def test_data_of_another_shape_are_refused() -> None:
    network = open_network(examples_folder() / "digits_resnet.toml")
    with pytest.raises(DataError, match="shape"):
        evaluate(network, documents.table(), 10, JobContext())
