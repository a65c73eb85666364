"""Where data sets are published, what their files are called, and how they are recognised.

The facts (addresses, MD5 sums, folders) are those of torchvision's own tables, so that what is fetched
here is what torchvision reads; the sizes are those of the published files.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.i18n import N_

# The files of MNIST and its likes: training pictures and labels, test pictures and labels.
IDX_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
CIFAR_FOLDER = "cifar-10-batches-py"
CIFAR_FILES = (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch", "batches.meta")


@dataclass(frozen=True)
class RemoteFile:
    """A file as it is published: name, bytes, and a sum of what is in it: its MD5, or the first digits of its SHA-256."""

    name: str
    size: int
    md5: str = ""
    sha256: str = ""
    about: bool = False  # whether the size is known roughly only; the server then says it


@dataclass(frozen=True)
class Advice:
    """What is said where a download fails: templates with the name of what was wanted."""

    no_answer: str  # {name}, {reason}
    another: str  # {name}, {file}, {sum}: a whole file came, but not the one that was published


DATA_ADVICE = Advice(
    N_(
        "{name} could not be fetched: its server gave no answer ({reason}). Check the network and try again, put the files where LIVETORCH_DATA points, or choose Digits, which needs no files."
    ),
    N_(
        "{file} of {name} arrived, but it is not the file that was published (its {sum} sum differs). Nothing was kept. Try again later, put the files where LIVETORCH_DATA points, or choose Digits, which needs no files."
    ),
)


@dataclass(frozen=True)
class Source:
    """A data set, or weights, on the network. ``folder`` lies in a root; packed files are unpacked into it."""

    folder: str
    mirrors: tuple[str, ...]  # addresses that end in "/"; the first that gives the file is taken
    files: tuple[RemoteFile, ...]
    unpacked: int  # bytes on the disk afterwards, where they are packed
    advice: Advice = DATA_ADVICE

    @property
    def size(self) -> int:
        """Bytes to fetch."""
        return sum(file.size for file in self.files)


def _idx(folder: str, mirrors: tuple[str, ...], *facts: tuple[int, str]) -> Source:
    files = tuple(RemoteFile(f"{name}.gz", *fact) for name, fact in zip(IDX_FILES, facts, strict=True))
    return Source(f"{folder}/raw", mirrors, files, unpacked=54_950_048)


SOURCES: dict[str, Source] = {
    "mnist": _idx(
        "MNIST",
        ("https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"),
        (9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        (28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
        (1_648_877, "9fb629c4189551a2d022fa330f9573f3"),
        (4_542, "ec29112dd5afa0611ce80d1b7f02629c"),
    ),
    "fashion_mnist": _idx(
        "FashionMNIST",
        ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
        (26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        (29_515, "25c81989df183df01b3e8a0aad5dffbe"),
        (4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
        (5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
    ),
    "kmnist": _idx(
        "KMNIST",
        ("http://codh.rois.ac.jp/kmnist/dataset/kmnist/",),
        (18_165_135, "bdb82020997e1d708af4cf47b453dcf7"),
        (29_497, "e144d726b3acfaa3e44228e80efcd344"),
        (3_041_136, "5c965bf0a639b31b8f53240b1b52f4d7"),
        (5_120, "7320c461ea6c1c855c0b718fb2a4b134"),
    ),
    "cifar10": Source(
        CIFAR_FOLDER,
        ("https://www.cs.toronto.edu/~kriz/",),
        (RemoteFile("cifar-10-python.tar.gz", 170_498_071, "c58f30108f718f92721af3b95e74349a"),),
        unpacked=186_210_000,
    ),
}
