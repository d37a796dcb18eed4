"""Where Corrie keeps what belongs to the user and to no file of his: settings, data, logs."""

import os
from pathlib import Path

import platformdirs

FOLDER_VARIABLE = "CORRIE_SETTINGS_DIR"  # one folder for everything, for tests and for portable installations
APPLICATION = "Corrie"


def settings_folder() -> Path:
    """Settings that people may edit."""
    return _named() or platformdirs.user_config_path("corrie", appauthor=False)


def user_data_folder(kind: str) -> Path:
    """What must outlive a start, such as checkpoints and seals; each kind has a folder of its own."""
    return (_named() or platformdirs.user_data_path(APPLICATION, appauthor=False)) / kind


def log_folder() -> Path:
    """Logs of errors and freezes, and the traces of crashes."""
    named = _named()
    return named / "logs" if named else platformdirs.user_log_path(APPLICATION, appauthor=False)


def _named() -> Path | None:
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else None
