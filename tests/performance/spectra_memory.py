"""The whole spectrum of one case in a process of its own: products of the search, and the most memory it ever had.

``python -m tests.performance.spectra_memory CASE``, with the file of `spectra_peers.written`. One line of JSON.
"""

import json
import os
import resource
import sys
import time

import numpy as np
import torch

from core.job import ControlledJob
from core.runtime import prepare_torch
from core.spectrum.engine import compute_spectrum
from core.spectrum.spectrum import SpectrumRequest
from tests.performance.peers_cases import Case
from tests.performance.spectra_cases import TOP, build_spectra_case


def main(case: str) -> None:
    """Answer once."""
    prepare_torch(1)
    with np.load(case, allow_pickle=False) as file:
        architecture = str(file["architecture"])
        module = build_spectra_case(architecture).eval()
        module.load_state_dict({name[2:]: torch.from_numpy(file[name]) for name in file.files if name.startswith("w/")})
        read = Case("case", architecture, module, torch.from_numpy(file["inputs"]), torch.from_numpy(file["labels"]))
    stages: dict[str, int] = {}

    def note(done: int, total: int, text: str) -> None:
        stage, _, count = text.partition(", ")
        if count.endswith(" products"):
            stages[stage] = int(count.split()[0])

    began = time.process_time()
    found = compute_spectrum(SpectrumRequest(top=TOP), read.network(), read.dataset(), ControlledJob(on_progress=note))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    answer = stages | {
        "products": found.products,
        "verified": int(found.verified.sum()),
        "peak": peak,
        "seconds": time.process_time() - began,
    }
    os.write(1, (json.dumps(answer) + "\n").encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
