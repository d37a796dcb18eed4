"""A cat of Quick, Draw!, as Zhang et al. 2018 have it: learnt, and completed when a whisker of four points is gone."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.corrections.tutor.examples import ExamplesRequest, shaken
from core.corrections.tutor.lesson import LessonRequest
from core.corrections.tutor.recogniser import recogniser_recipe, train_recogniser
from core.corrections.tutor.tutor import Tutor
from core.data.drawings.reading import read_drawings, strokes_on_paper
from core.data.drawings.strokes import line_slots
from core.job import JobContext
from tests.realdata import realdata_path
from tests.threads import one_torch_thread

CAT, WHISKER = 10, 6


@pytest.mark.slow
@pytest.mark.realdata
def test_a_cat_without_a_whisker_is_completed_and_every_placement_in_the_boxes_is_recognised() -> None:
    rows = read_drawings(realdata_path("quickdraw-cats/cat_simplified25.ndjson"))
    rows += read_drawings(realdata_path("quickdraw-cats/dog_simplified25.ndjson"))
    drawings = [strokes_on_paper(one) for one in rows]
    cat = drawings[CAT]
    others = tuple(one for place, one in enumerate(drawings) if place != CAT)
    with one_torch_thread():
        recipe = replace(recogniser_recipe(8, width=4), evaluate_every=100)
        made = train_recogniser(ExamplesRequest(canonical=cat, others=others, samples=6000), JobContext(), recipe)
    kinds = dict(made.kinds)
    assert made.accuracy > 0.85
    assert min(kinds["a stroke missing or more"], kinds["strokes too many"], kinds["other drawings"]) > 0.95
    drawing = shaken(tuple(one for place, one in enumerate(cat) if place != WHISKER), np.random.default_rng(0), 3)
    request = LessonRequest(drawing=drawing, canonical=cat, stability=1, seconds=6)
    lesson = Tutor(made.network).lesson(request, JobContext())
    assert lesson.lead < 0 < lesson.suggested_lead
    assert lesson.joint
    low, high = (np.concatenate([getattr(box, side) for box in lesson.joint]) for side in ("low", "high"))
    generator = np.random.default_rng(0)
    placements = np.round(generator.uniform(low, high, (1500, len(low))))
    corners = np.where(generator.random((1500, len(low))) < 0.5, low, high)
    fed = np.stack([line_slots(lesson.placing.at(one)) for one in [*placements, *corners]])
    with torch.inference_mode():
        outputs = made.network.module(made.network.normalise(fed))
    assert bool((outputs[:, 1] > outputs[:, 0]).all())
