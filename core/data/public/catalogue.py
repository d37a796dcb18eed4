"""The public data sets that can be fetched when it is asked for: where they are from, how large, on which terms."""

from dataclasses import dataclass

from core.errors import InvalidRequest


@dataclass(frozen=True, kw_only=True)
class PublicFile:
    """One file of a set, as its origin offers it."""

    name: str
    size: int | None = None  # bytes; None: the origin publishes none
    sha256: str = ""  # "": the origin publishes none, and the first download's is recorded


@dataclass(frozen=True, kw_only=True)
class PublicSet:
    """A data set that lies somewhere in public."""

    name: str  # by which it is asked for and opened
    title: str
    samples: str  # how many, and of what
    homepage: str  # where its authors describe it
    mirrors: tuple[str, ...]  # folders that hold the files, tried in this order
    files: tuple[PublicFile, ...]
    licence: str
    citation: str
    folder: str  # in the folder for downloaded data; sets that are opened together share one
    parts: tuple[tuple[str, str], ...]  # what `name` and `name:test` open: ("", file), ("test", file)

    @property
    def size(self) -> int | None:
        """Bytes of all files together; None if one of them is not known."""
        sizes = [file.size for file in self.files]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    @property
    def source(self) -> str:
        """Origin and licence in one line, shown wherever the data are."""
        return f"{self.citation}; {self.licence}; {self.homepage}"

    def address(self, mirror: str, file: PublicFile) -> str:
        """The address of a file in one of the folders."""
        return f"{mirror.rstrip('/')}/{file.name.replace(' ', '%20')}"


IDX_PARTS = (("", "train-images-idx3-ubyte.gz"), ("test", "t10k-images-idx3-ubyte.gz"))

# Sizes and SHA-256: tensorflow/datasets, tensorflow_datasets/url_checksums/mnist.txt. The mirrors: pytorch/vision,
# torchvision/datasets/mnist.py, and the same list of tensorflow/datasets; the authors' own page no longer gives files.
# The licence: keras-team/keras, keras/src/datasets/mnist.py.
MNIST = PublicSet(
    name="mnist",
    title="MNIST",
    samples="60,000 and 10,000 handwritten digits, 28 × 28 pixels, 10 classes",
    homepage="http://yann.lecun.com/exdb/mnist/",
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    files=(
        PublicFile(
            name="train-images-idx3-ubyte.gz",
            size=9_912_422,
            sha256="440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        ),
        PublicFile(
            name="train-labels-idx1-ubyte.gz",
            size=28_881,
            sha256="3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        ),
        PublicFile(
            name="t10k-images-idx3-ubyte.gz",
            size=1_648_877,
            sha256="8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        ),
        PublicFile(
            name="t10k-labels-idx1-ubyte.gz",
            size=4_542,
            sha256="f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        ),
    ),
    licence="CC BY-SA 3.0",
    citation="LeCun, Cortes, Burges: The MNIST database of handwritten digits, 1998",
    folder="mnist",
    parts=IDX_PARTS,
)

# Sizes and SHA-256: tensorflow/datasets, tensorflow_datasets/url_checksums/fashion_mnist.txt; the address and the
# licence: README of zalandoresearch/fashion-mnist. The origin has no https; the checksums make up for that.
FASHION_MNIST = PublicSet(
    name="fashion-mnist",
    title="Fashion-MNIST",
    samples="60,000 and 10,000 pictures of clothes, 28 × 28 pixels, 10 classes",
    homepage="https://github.com/zalandoresearch/fashion-mnist",
    mirrors=("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
    files=(
        PublicFile(
            name="train-images-idx3-ubyte.gz",
            size=26_421_880,
            sha256="3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        ),
        PublicFile(
            name="train-labels-idx1-ubyte.gz",
            size=29_515,
            sha256="a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        ),
        PublicFile(
            name="t10k-images-idx3-ubyte.gz",
            size=4_422_102,
            sha256="346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        ),
        PublicFile(
            name="t10k-labels-idx1-ubyte.gz",
            size=5_148,
            sha256="67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ),
    ),
    licence="MIT",
    citation="Xiao, Rasul, Vollgraf: Fashion-MNIST, arXiv:1708.07747, 2017",
    folder="fashion-mnist",
    parts=IDX_PARTS,
)

CIFAR_LICENCE = "no licence stated; the authors ask to be cited"
CIFAR_CITATION = "Krizhevsky: Learning Multiple Layers of Features from Tiny Images, technical report, 2009"
CIFAR_HOMEPAGE = "https://www.cs.toronto.edu/~kriz/cifar.html"
CIFAR_MIRRORS = ("https://www.cs.toronto.edu/~kriz/",)

# SHA-256: keras-team/keras, keras/src/datasets/cifar10.py; the size: what the origin's server announces.
CIFAR10 = PublicSet(
    name="cifar10",
    title="CIFAR-10",
    samples="50,000 and 10,000 colour photographs, 32 × 32 pixels, 10 classes",
    homepage=CIFAR_HOMEPAGE,
    mirrors=CIFAR_MIRRORS,
    files=(
        PublicFile(
            name="cifar-10-python.tar.gz",
            size=170_498_071,
            sha256="6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
        ),
    ),
    licence=CIFAR_LICENCE,
    citation=CIFAR_CITATION,
    folder="cifar10",
    parts=(("", "cifar-10-python.tar.gz"), ("test", "cifar-10-python.tar.gz")),
)

# SHA-256: keras-team/keras, keras/src/datasets/cifar100.py; the size: what the origin's server announces.
CIFAR100 = PublicSet(
    name="cifar100",
    title="CIFAR-100",
    samples="50,000 and 10,000 colour photographs, 32 × 32 pixels, 100 classes",
    homepage=CIFAR_HOMEPAGE,
    mirrors=CIFAR_MIRRORS,
    files=(
        PublicFile(
            name="cifar-100-python.tar.gz",
            size=169_001_437,
            sha256="85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
        ),
    ),
    licence=CIFAR_LICENCE,
    citation=CIFAR_CITATION,
    folder="cifar100",
    parts=(("", "cifar-100-python.tar.gz"), ("test", "cifar-100-python.tar.gz")),
)


def _drawings(word: str) -> PublicSet:
    """Simplified drawings of one word. Their origin publishes neither sizes nor checksums."""
    # Address, form and licence: README of googlecreativelab/quickdraw-dataset.
    file = PublicFile(name=f"{word}.ndjson")
    return PublicSet(
        name=f"quickdraw-{word.replace(' ', '-')}",
        title=f"Quick, Draw! {word}",
        samples="drawings as strokes, one class",
        homepage="https://github.com/googlecreativelab/quickdraw-dataset",
        mirrors=("https://storage.googleapis.com/quickdraw_dataset/full/simplified/",),
        files=(file,),
        licence="CC BY 4.0",
        citation="Google Creative Lab: The Quick, Draw! Dataset, 2017",
        folder="quickdraw",
        parts=(("", file.name),),
    )


WORDS = ("cat", "dog", "face", "house", "bicycle", "tree")
SETS = (MNIST, FASHION_MNIST, CIFAR10, CIFAR100, *(_drawings(word) for word in WORDS))


def find_set(name: str) -> PublicSet:
    """The set of that name, with or without ``:test``. Raises `InvalidRequest` if there is none."""
    stem, _, part = name.partition(":")
    found = next((each for each in SETS if each.name == stem), None)
    if found is None:
        raise InvalidRequest(f'There is no public data set "{stem}". There are: {", ".join(s.name for s in SETS)}.')
    if part not in dict(found.parts):
        kinds = ", ".join(f'"{found.name}:{each}"' if each else f'"{found.name}"' for each, _ in found.parts)
        raise InvalidRequest(f'{found.title} has no part "{part}". There are: {kinds}.')
    return found


def is_public_name(name: str) -> bool:
    """Whether this is the name of a public set, or of a part of one."""
    return any(name.partition(":")[0] == each.name for each in SETS)
