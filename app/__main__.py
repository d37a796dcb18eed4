"""Start Corrie: the window, or a verb of the command line. Imports nothing heavy before it knows which."""

import multiprocessing
import sys

from core.child_processes.limits import CHILD_WORD
from core.runtime import prepare_environment


def main() -> int:
    """Entry point of the command ``corrie``."""
    multiprocessing.freeze_support()  # a frozen program starts its child processes by starting itself
    prepare_environment()
    if sys.argv[1:2] == [CHILD_WORD]:  # the same, for children with limits
        from core.child_processes.entry import be_child  # noqa: PLC0415  only a frozen program comes here

        return be_child(sys.argv[2:])
    try:
        from app.cli.group import run  # noqa: PLC0415  after the environment is set

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # before or after the part that explains itself
        return 130


if __name__ == "__main__":
    sys.exit(main())
