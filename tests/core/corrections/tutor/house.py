"""A house with a roof, a door and a window, and a small network that learns to recognise it in two seconds."""

from dataclasses import replace

import numpy as np

from core.corrections.tutor.examples import ExamplesRequest
from core.corrections.tutor.recogniser import Recogniser, recogniser_recipe, train_recogniser
from core.job import JobContext
from core.training.recipe import TrainingRequest
from tests.threads import one_torch_thread

WALLS = np.array([[40.0, 200, 200, 40, 40], [100, 100, 220, 220, 100]])
ROOF = np.array([[40.0, 120, 200], [100, 30, 100]])
DOOR = np.array([[100.0, 100, 140, 140], [220, 150, 150, 220]])
WINDOW = np.array([[160.0, 185], [130, 160]])
HOUSE = (WALLS, ROOF, DOOR, WINDOW)
SAMPLES = 1500


def small_recipe() -> TrainingRequest:
    return replace(recogniser_recipe(8, width=2), learning_rate=3e-3, evaluate_every=100)


def small_recogniser() -> Recogniser:
    with one_torch_thread():
        return train_recogniser(ExamplesRequest(canonical=HOUSE, samples=SAMPLES), JobContext(), small_recipe())
