"""Makes the modules beside packaging/dev.py importable, as they are for dev.py itself."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "packaging"))
