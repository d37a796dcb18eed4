"""h5py, imported after HDF5 was told to load no filter plug-ins: a session file must never load code.

Every module of this room imports h5py from here.
"""

import os

os.environ.setdefault("HDF5_PLUGIN_PRELOAD", "::")  # H5PLset_loading_state(3): read once, when HDF5 starts

import h5py

__all__ = ["h5py"]
