"""The engines of Corrie. They run headless and know nothing of Qt, pyqtgraph or vispy."""

__version__ = "0.2.0"
