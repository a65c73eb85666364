"""How a standalone script loads its pictures: the steps of :func:`core.datasets.load_data` as plain text. Loads no torch."""

from __future__ import annotations

from core.config import CNNRunConfig, DataConfig
from core.config.cnn import OWN
from core.datasets import NOISE_SEED, SHUFFLE_SEED, spec_of
from core.datasets.own_script import IMPORTS as OWN_IMPORTS
from core.datasets.own_script import own_code

TORCHVISION = {"mnist": "MNIST", "fashion_mnist": "FashionMNIST", "kmnist": "KMNIST", "cifar10": "CIFAR10"}

MEAN_AND_STD = '''\
def mean_and_std(images):
    """Of each channel, (C, 1, 1), from how often each of the 256 values occurs: exact and quick."""
    counts = torch.stack([channel.flatten().bincount(minlength=256) for channel in images.unbind(1)]).double()
    values, total = torch.arange(256).double(), counts.sum(1)
    mean = counts @ values / total
    variance = (counts * (values - mean[:, None]) ** 2).sum(1) / (total - 1)
    return mean.float().view(-1, 1, 1), variance.sqrt().float().view(-1, 1, 1)
'''

DIGITS = """\
    digits = load_digits()
    images = torch.tensor(digits.images, dtype=torch.uint8).unsqueeze(1)  # 8 x 8 pixels with values 0-16
    labels = torch.tensor(digits.target, dtype=torch.int64)
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
"""
DIGITS_TRAIN = """\
    images, labels = images[order[:-360]], labels[order[:-360]]
"""
DIGITS_BOTH = """\
    train, validation = order[:-360], order[-360:]
    validation_images, validation_labels = images[validation], labels[validation]
    images, labels = images[train], labels[train]
"""

ROOT = """\
    root = sys.argv[1] if len(sys.argv) > 1 else "data"
"""
PART = """\
    {part} = torchvision.datasets.{name}(root, train={is_train}, download=True)
"""
TENSORS = {  # pictures and labels of a torchvision data set
    "grey": ("{part}.data.unsqueeze(1)", "{part}.targets"),
    "colour": (
        "torch.from_numpy({part}.data).permute(0, 3, 1, 2).contiguous()",
        "torch.tensor({part}.targets)",
    ),
}


def load_data_code(config: CNNRunConfig) -> tuple[list[str], str]:
    """Import lines (torch's own aside) and the code of ``load_data()``, with what it calls.

    ``load_data()`` returns images (N, C, H, W) uint8, labels (N,), validation_images, validation_labels, and mean
    and std (C, 1, 1) float32 of the set's whole training part: the tensors of ``load_data(config)``, bit for bit.
    """
    data = config.data
    if config.dataset == "digits":
        read, imports = _digits(data), ["from sklearn.datasets import load_digits"]
    elif config.dataset == OWN:
        read, imports = own_code(config), OWN_IMPORTS
    else:
        read, imports = _torchvision(config), ["import sys", "import torchvision"]
    body = [
        f'def load_data():\n    """{_words(config)}"""\n',
        read,
        "    mean, std = mean_and_std(images)\n",
        _split(data),
        _noise(data, len(spec_of(config).classes)),
        "    return images, labels, validation_images, validation_labels, mean, std\n",
    ]
    return imports, MEAN_AND_STD + "\n\n" + "".join(body)


def _words(config: CNNRunConfig) -> str:
    """The docstring: which pictures, and how to say where they lie."""
    validates = "the last 360 of a fixed shuffle validate" if config.dataset == "digits" else "its test set validates"
    if config.data.validation_share:
        validates = f"{config.data.validation_share:g} of its training part validates"
    if config.dataset == OWN:
        return (
            "Own pictures as LiveTorch keeps them; pass the folder `pictures` of its data folder as the first argument."
        )
    if config.dataset == "digits":
        return f"scikit-learn's digits; {validates}."
    return f"{TORCHVISION[config.dataset]}; {validates}. Pass the folder to keep it in as the first argument."


def _digits(data: DataConfig) -> str:
    return DIGITS + (DIGITS_TRAIN if data.validation_share else DIGITS_BOTH)


def _torchvision(config: CNNRunConfig) -> str:
    """Reads the training part, and the test part where it validates."""
    name = TORCHVISION[config.dataset]
    images, labels = TENSORS["colour" if config.dataset == "cifar10" else "grey"]
    lines = ROOT + PART.format(part="train", name=name, is_train=True)
    if not config.data.validation_share:
        lines += PART.format(part="test", name=name, is_train=False)
    lines += f"    images, labels = {images.format(part='train')}, {labels.format(part='train')}\n"
    if not config.data.validation_share:
        lines += f"    validation_images = {images.format(part='test')}\n"
        lines += f"    validation_labels = {labels.format(part='test')}\n"
    return lines


def _split(data: DataConfig) -> str:
    """Held-out pictures and a smaller training set, where the config has them."""
    if data.validation_share == 0 and data.train_share == 1:
        return ""
    lines = [f"order = torch.randperm(len(images), generator=torch.Generator().manual_seed({SHUFFLE_SEED}))"]
    if data.validation_share:
        lines += [
            f"held_out = max(1, round({data.validation_share!r} * len(images)))",
            "order, held_out = order[:-held_out], order[-held_out:]",
            "validation_images, validation_labels = images[held_out], labels[held_out]",
        ]
    if data.train_share < 1:
        lines.append(f"order = order[: max(1, round({data.train_share!r} * len(order)))]")
    lines.append("images, labels = images[order], labels[order]")
    return "".join(f"    {line}\n" for line in lines)


def _noise(data: DataConfig, classes: int) -> str:
    if data.label_noise == 0:
        return ""
    lines = [
        f"draw = torch.Generator().manual_seed({NOISE_SEED})  # {data.label_noise:g} of the labels name another class",
        f"wrong = torch.randperm(len(labels), generator=draw)[: round({data.label_noise!r} * len(labels))]",
        "labels = labels.clone()",
        f"labels[wrong] = (labels[wrong] + torch.randint(1, {classes}, (len(wrong),), generator=draw)) % {classes}",
    ]
    return "".join(f"    {line}\n" for line in lines)
