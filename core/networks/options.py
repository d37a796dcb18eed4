"""What a person says of a network file that the file does not say itself."""

from dataclasses import dataclass

from core.networks.card import InputCard, checked_input

Shape = tuple[int, ...]
Statistics = tuple[float, ...]  # one number, or one for each channel

# The preprocessing of Li et al. 2018, which networks for 3 × 32 × 32 images are taken to have had if nobody says so.
CIFAR = InputCard(shape=(3, 32, 32), mean=(125.3, 123.0, 113.9), std=(63.0, 62.1, 66.7))
CIFAR_NOTE = (
    "Nothing says the preprocessing: that of Li et al. for CIFAR-10 is assumed "
    "(values 0–255, mean 125.3, 123.0, 113.9, std 63.0, 62.1, 66.7)."
)
PLAIN_NOTE = "Nothing says the preprocessing: none is assumed (mean 0, std 1)."


@dataclass(frozen=True, kw_only=True)
class OpeningOptions:
    """None, or nothing, where it is left to the file."""

    architecture: str | None = None  # of bare weights, and only of those
    shape: Shape | None = None  # of one sample
    mean: Statistics | None = None  # in the units of the data
    std: Statistics | None = None
    classes: tuple[str, ...] = ()  # names of the outputs
    factory: str | None = None  # of a Python file: the function that builds the network
    agreed: bool = False  # whether the code of that file may run, in a process of its own
    likeliest: bool = False  # take the first of several architectures that bare weights fit, and say so

    @property
    def says_preprocessing(self) -> bool:
        return self.mean is not None or self.std is not None

    def input_of(self, shape: Shape, *, images: bool = False) -> tuple[InputCard, list[str]]:
        """The input of a network without a card, and a note if its preprocessing had to be assumed.

        Parameters
        ----------
        shape : tuple of int
            Of one sample, where the options do not say it.
        images : bool
            Whether a network for 3 × 32 × 32 inputs is taken for one of CIFAR-10, as weights of the papers are.
        """
        shape = self.shape or shape
        if self.says_preprocessing:
            return checked_input(shape, self.mean or (0.0,), self.std or (1.0,)), []
        if images and shape == CIFAR.shape:
            return CIFAR, [CIFAR_NOTE]
        return checked_input(shape, (0.0,), (1.0,)), [PLAIN_NOTE]

    def over(self, card: InputCard) -> InputCard:
        """What a card says, with what the options say in its place."""
        return checked_input(self.shape or card.shape, self.mean or card.mean, self.std or card.std)


def options_with(
    input_card: InputCard | None,
    *,
    architecture: str | None = None,
    classes: tuple[str, ...] = (),
    factory: str | None = None,
    agreed: bool = False,
    likeliest: bool = False,
) -> OpeningOptions:
    """Options in which a whole input card, or none, is given."""
    return OpeningOptions(
        architecture=architecture,
        shape=None if input_card is None else input_card.shape,
        mean=None if input_card is None else input_card.mean,
        std=None if input_card is None else input_card.std,
        classes=classes,
        factory=factory,
        agreed=agreed,
        likeliest=likeliest,
    )
