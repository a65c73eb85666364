"""How a standalone script of the RNN page gets its sequences: plain text, the steps of core.training's problems."""

from __future__ import annotations

from core.config.rnn import MEMORY_STEPS, RNNRunConfig
from core.datasets.series import load_series
from core.datasets.text import HELD_OUT, HELD_OUT_LINES, MODULES, MOST_CHARACTERS, MOST_HELD_OUT, SYMBOLS, stdlib

VOCABULARY = f'''\
def vocabulary(text):
    """What is unknown, then the {SYMBOLS} most frequent characters in the order of their code."""
    frequent = sorted(Counter(text).most_common(), key=lambda found: (-found[1], found[0]))[:{SYMBOLS}]
    return UNKNOWN + "".join(sorted(character for character, _count in frequent if character != UNKNOWN))
'''
READ_FILE = '''\
def read_file():
    """The text of the uploaded file, whose path is the script's argument."""
    if len(sys.argv) < 2:
        sys.exit("Say where the uploaded file is: python run.py FILE")
    content = Path(sys.argv[1]).read_bytes()
    if hashlib.sha256(content).hexdigest() != FILE_SHA256:
        sys.exit("This is another file than the one that the run learned from.")
    return content.decode("utf-8-sig").replace("\\r\\n", "\\n").replace("\\r", "\\n")
'''
STDLIB = f'''\
def read_text():
    """The source of some modules of Python's standard library."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    text = "".join((folder / f"{{name}}.py").read_text(encoding="utf-8") for name in MODULES)[:{MOST_CHARACTERS:_}]
    if hashlib.sha256(text.encode()).hexdigest() != TEXT_SHA256:
        print("This Python has another standard library than the run's, so the numbers will differ.", file=sys.stderr)
    return text
'''
CHARACTERS = f'''\
def load_data():
    """Symbols (N,) that are trained on and that validate, and the size of the vocabulary."""
    text = {{read}}()
    known = vocabulary(text)
    place = {{{{character: number for number, character in enumerate(known)}}}}
    symbols = torch.tensor([place.get(character, 0) for character in text])
    split = len(text) - min({MOST_HELD_OUT:_}, round({HELD_OUT} * len(text)))
    return symbols[:split].to(DEVICE), symbols[split:].to(DEVICE), len(known)
'''
LINES = f'''\
def load_data():
    """Symbols (N, T), labels and lengths (N,) that are trained on, then those that validate, then the sizes."""
    rows = [line.partition("\\t") for line in read_file().split("\\n") if line.strip()]
    names, lines = [row[0].strip() for row in rows], [row[2].strip() for row in rows]
    classes, known = sorted(set(names)), vocabulary("".join(lines))
    place = {{character: number for number, character in enumerate(known)}}
    lengths = torch.tensor([len(line) for line in lines])
    symbols = torch.zeros(len(lines), int(lengths.max()), dtype=torch.int64)
    for row, line in zip(symbols, lines, strict=True):
        row[: len(line)] = torch.tensor([place.get(character, 0) for character in line])
    labels = torch.tensor([classes.index(name) for name in names])
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
    held = max(1, round({HELD_OUT_LINES} * len(labels)))
    parts = []
    for chosen in (order[:-held], order[-held:]):
        parts += [symbols[chosen].to(DEVICE), labels[chosen].to(DEVICE), lengths[chosen]]
    return *parts, len(known), len(classes)
'''
DIGITS = '''\
def load_data():
    """Sequences (N, T, features) and labels (N,) that are trained on, then those that validate."""
    digits = load_digits()
    images = torch.tensor(digits.images, dtype=torch.uint8)  # 8 x 8 pixels with values 0-16
    labels = torch.tensor(digits.target, dtype=torch.int64)
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
    train, validation = order[:-360], order[-360:]
    mean, std = mean_and_std(images[train])
    sequences = ((images.float() - mean) / std).view(len(images), -1, FEATURES)
    return [part.to(DEVICE) for part in (sequences[train], labels[train], sequences[validation], labels[validation])]


def mean_and_std(images):
    """From how often each value occurs: exact and quick."""
    counts, values = images.flatten().bincount(minlength=256).double()[None], torch.arange(256).double()
    total = counts.sum(1)
    mean = counts @ values / total
    variance = (counts * (values - mean[:, None]) ** 2).sum(1) / (total - 1)
    return mean.float(), variance.sqrt().float()
'''
SERIES = '''\
def load_data():
    """The series (N,) in float64; what is learned of it, standardised (M,); where its validation part begins."""
    levels = torch.tensor({values}, dtype=torch.float64)
    known = {known}
    split = len(known) - round(0.2 * len(levels))
    mean, std = float(known[:split].mean()), float(known[:split].std())
    return levels, ((known - mean) / std).float().to(DEVICE), split, mean, std
'''
ADDING = '''\
def make(count, draw):
    """The adding problem: numbers with marks (count, T, 2), the sum of the two that are marked (count,)."""
    numbers = torch.rand(count, LENGTH, generator=draw)
    first = torch.randint(0, LENGTH // 2, (count,), generator=draw)
    second = torch.randint(LENGTH // 2, LENGTH, (count,), generator=draw)
    rows = torch.arange(count)
    marks = torch.zeros(count, LENGTH)
    marks[rows, first] = marks[rows, second] = 1
    sums = numbers[rows, first] + numbers[rows, second]
    return torch.stack([numbers, marks], 2).to(DEVICE), sums.to(DEVICE)
'''
COPY = '''\
def make(count, draw):
    """Delayed copy: ITEMS symbols, blanks (8), after DELAY steps a sign (9); wanted: the symbols (count, ITEMS)."""
    symbols = torch.randint(0, 8, (count, ITEMS), generator=draw)
    sequence = torch.full((count, 2 * ITEMS + DELAY), 8)
    sequence[:, :ITEMS] = symbols
    sequence[:, ITEMS + DELAY] = 9
    return F.one_hot(sequence, 10).float().to(DEVICE), symbols.to(DEVICE)
'''


def data_constants(config: RNNRunConfig) -> list[str]:
    """What the functions below look up."""
    data = config.data
    lines = {
        "forecast": [f"LENGTH = {data.length}"],
        "characters": [f"LENGTH = {data.length}", 'UNKNOWN = "\\N{REPLACEMENT CHARACTER}"'],
        "rows": ["FEATURES = 8"],
        "pixels": ["FEATURES = 1"],
        "lines": ['UNKNOWN = "\\N{REPLACEMENT CHARACTER}"'],
        "adding": [f"LENGTH = {data.length}", f"STEPS_PER_EPOCH = {MEMORY_STEPS}"],
        "copy": [f"DELAY, ITEMS = {data.length}, {data.items}", f"STEPS_PER_EPOCH = {MEMORY_STEPS}"],
    }[config.kind if config.kind in ("forecast", "characters") else config.dataset]
    if config.dataset == "stdlib":
        names = "".join(f'    "{name}",\n' for name in MODULES)
        lines = [*lines, f'TEXT_SHA256 = "{stdlib().sha256}"', f"MODULES = [\n{names}]"]
    if config.dataset in ("text", "lines"):
        lines = [*lines, f'FILE_SHA256 = "{data.upload}"']
    return lines


def data_code(config: RNNRunConfig) -> tuple[set[str], list[str]]:
    """Import lines and functions. Raises :class:`LiveTorchError` where an uploaded series is gone."""
    if config.kind == "forecast":
        return _series(config)
    if config.kind == "characters":
        imports = {"import hashlib", "import sys", "from collections import Counter", "from pathlib import Path"}
        if config.dataset == "stdlib":
            return imports | {"import sysconfig"}, [VOCABULARY, STDLIB, CHARACTERS.format(read="read_text")]
        return imports, [VOCABULARY, READ_FILE, CHARACTERS.format(read="read_file")]
    if config.dataset == "lines":
        imports = {"import hashlib", "import sys", "from collections import Counter", "from pathlib import Path"}
        return imports, [VOCABULARY, READ_FILE, LINES]
    if config.kind == "classify":
        return {"from sklearn.datasets import load_digits"}, [DIGITS]
    return set(), [ADDING if config.dataset == "adding" else COPY]


def _series(config: RNNRunConfig) -> tuple[set[str], list[str]]:
    known = "levels.diff()" if config.data.difference else "levels"
    if config.dataset == "sunspots":
        values = 'list(sunspots.load_pandas().data["SUNACTIVITY"])'
        return {"from statsmodels.datasets import sunspots"}, [SERIES.format(values=values, known=known)]
    if config.dataset == "co2":
        values = 'list(co2.load_pandas().data["co2"].resample("MS").mean().interpolate())'
        return {"from statsmodels.datasets import co2"}, [SERIES.format(values=values, known=known)]
    numbers = ", ".join(map(repr, load_series(config.dataset, config.data).values))
    constant = f"VALUES = [{numbers}]  # of the uploaded file\n"
    return set(), [constant, SERIES.format(values="VALUES", known=known)]
