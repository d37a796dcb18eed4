"""Corrections in several features of the applicant of the example session, by hand: nothing here imports torch."""

from dataclasses import replace

import numpy as np

from core.corrections.records.correction import FreeFeature, Status
from core.corrections.records.freedom import FreeCategory, Freedom, Move
from core.corrections.records.goal import Goal
from core.corrections.records.joint import FoundChange, JointBox, JointCorrection, JointRequest
from tests.document_parts import provenance


def joint_request() -> JointRequest:
    """Duration, amount and housing of somebody who rents."""
    return JointRequest(
        input=(48.0, 13500.0, 30.0, 1.0, 0.0, 0.0),
        freedom=Freedom(
            numbers=(
                FreeFeature(name="Duration", low=4.0, high=72.0, half_width=2.0, step=1.0),
                FreeFeature(name="Amount", low=250.0, high=20000.0, half_width=500.0),
            ),
            moves=(Move(columns=(0,)), Move(columns=(1,))),
            categories=(
                FreeCategory(name="Housing", columns=(3, 4, 5), levels=("rent", "own", "free"), allowed=(0, 1)),
            ),
        ),
        goal=Goal(classes=(1,)),
        row=3,
        different=1,
    )


def joint(status: Status = "complete") -> JointCorrection:
    """A shorter and smaller credit will do, and so will a house of one's own."""
    nearest = FoundChange(
        point=np.array([36.0, 9000.0]),
        levels=(0,),
        distance=0.404,
        lower_bound=0.38,
        proof="proved",
        closed=False,
    )
    other = FoundChange(
        point=np.array([48.0, 12000.0]),
        levels=(1,),
        distance=1.08,
        lower_bound=1.0795,
        proof="proved",
        closed=True,
    )
    return JointCorrection(
        request=joint_request(),
        status=status,
        verdict=0,
        value=None,
        nearest=nearest,
        boxes=321,
        course=np.array([[0.1, 0.0, np.inf], [0.4, 0.1, 0.52], [1.5, 0.3, 0.404], [4.0, 0.38, 0.404]]),
        box=JointBox(low=np.array([20.0, 4000.0]), high=np.array([38.0, 9500.0]), levels=(0,), proof="proved"),
        others=(other,),
        tradeoff=np.array([[0.0, 0.3, 0.3], [1.0, 0.38, 0.404], [2.0, 0.6, np.inf], [4.0, np.inf, np.inf]]),
        along=(
            replace(
                other,
                point=np.array([40.0, 9500.0]),
                levels=(0,),
                distance=0.3,
                lower_bound=0.3,
                half_width=np.zeros(2),
            ),
            replace(nearest, half_width=np.array([2.0, 500.0])),
            replace(nearest, point=None, levels=(), distance=None, lower_bound=0.6, proof="unknown"),
            replace(
                nearest, point=None, levels=(), distance=None, lower_bound=np.inf, proof="none_exists", closed=True
            ),
        ),
        provenance=provenance(samples=1),
    )
