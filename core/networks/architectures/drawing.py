"""The drawing network of Zhang et al. 2018: three 1-D convolutions over line slots and a fully connected layer.

Known from the authors' published code (Polaris, gold_cat/cat_train.py): windows of 5 slots, 8 channels, padding that
keeps the 128 slots of 4 coordinates, no pooling, 1,024 hidden units, and the initial weights. Their training feeds the
output layer from before the last ReLU, while the network they analyse has the ReLU; here it is there in both, and there
is no dropout. A plain chain of affine layers and ReLU, so that regions of it are exact. Parameter names are ours.
"""

from collections import OrderedDict

from torch import nn

KERNEL = 5


def build_drawing(fields: int, slots: int, outputs: int, width: int = 8) -> nn.Sequential:
    """A network over drawings of shape (fields, slots): ``conv1`` … ``conv3``, ``fc1``, ``fc2``.

    Parameters
    ----------
    fields : int
        Numbers a line has, such as the coordinates of its two ends.
    slots : int
        Lines a drawing may have; empty slots hold a number that no line does.
    outputs : int
        Two for "no" and "yes", or any number of classes.
    width : int
        Channels of every convolution; the hidden layer has 128 times as many units.
    """
    network = nn.Sequential(
        OrderedDict(
            conv1=nn.Conv1d(fields, width, KERNEL, padding=KERNEL // 2),
            relu1=nn.ReLU(),
            conv2=nn.Conv1d(width, width, KERNEL, padding=KERNEL // 2),
            relu2=nn.ReLU(),
            conv3=nn.Conv1d(width, width, KERNEL, padding=KERNEL // 2),
            relu3=nn.ReLU(),
            flatten=nn.Flatten(),
            fc1=nn.Linear(width * slots, 128 * width),
            relu4=nn.ReLU(),
            fc2=nn.Linear(128 * width, outputs),
        )
    )
    return network.apply(_initialise)


def _initialise(module: nn.Module) -> None:
    # A Gaussian cut off at two standard deviations, and biases that let every unit fire at first.
    if isinstance(module, nn.Conv1d | nn.Linear):
        nn.init.trunc_normal_(module.weight, std=0.1, a=-0.2, b=0.2)
        if module.bias is not None:
            nn.init.constant_(module.bias, 0.1)
