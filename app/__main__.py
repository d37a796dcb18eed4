"""Start Corrie: the window, or a verb of the command line. Imports nothing heavy before it knows which."""

import multiprocessing
import sys

from core.runtime import prepare_environment


def main() -> int:
    """Entry point of the command ``corrie``."""
    multiprocessing.freeze_support()  # a frozen program starts its child processes by starting itself
    prepare_environment()
    try:
        from app.cli.group import run  # noqa: PLC0415  after the environment is set

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # before or after the part that explains itself
        return 130


if __name__ == "__main__":
    sys.exit(main())
