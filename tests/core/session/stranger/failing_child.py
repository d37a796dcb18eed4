"""A child that does not come through, in the way that the environment asks for, within the limits of the real one."""

import json
import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from core.child_processes.limits import limit_this_process

WAY = "CORRIE_TEST_WAY_TO_FAIL"

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    limit_this_process(**request["limits"])
    way = os.environ[WAY]
    if way == "hang":
        7 ** (10**10)  # in C, with the interpreter's lock held
    elif way == "sleep":
        time.sleep(500)
    elif way == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif way == "swell":
        bytearray(request["limits"]["memory_bytes"])
