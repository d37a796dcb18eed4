"""Collections of garbage stay short once the engines are there."""

import subprocess
import sys

CHILD = """
import gc, sys, time
from app.jobs.engines import import_analyses, import_training
assert "torch" not in sys.modules
import_analyses()
import_training()
assert gc.isenabled()
tracked = len(gc.get_objects())
import torch
weights = torch.nn.Parameter(torch.ones(3))
optimiser = torch.optim.SGD([weights], lr=0.1)
weights.sum().backward()
optimiser.step()
print(tracked, len(gc.get_objects()) - tracked, gc.get_freeze_count())
"""


def test_what_the_engines_import_is_kept_out_of_collections_and_a_first_step_imports_no_more() -> None:
    ended = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, timeout=120, check=True)
    tracked, more, frozen = map(int, ended.stdout.split())
    assert frozen > 100_000
    assert tracked < frozen / 10
    assert more < 20_000
