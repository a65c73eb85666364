"""Which line of the exported script a layer comes from."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from torch import nn

from core.export.recorded import Recorded
from core.families import FAMILIES, found
from core.probes.inside import inside
from core.probes.subject import Subject

LAYER = re.compile(r"^\s*(?:(self\.\w+|\w+) = |return )?nn\.(\w+)\(")
WHERE = {"generator": "def build_generator(", "discriminator": "def build_discriminator("}
HOLDERS = ("Sequential", "ModuleList", "ModuleDict", "Identity")


def source_of(subject: Subject, part: str, path: str, module: nn.Module | None) -> dict[str, str] | None:
    """``text``: the line; ``where``: "script" for the run's script, "module" for how the module describes itself."""
    lines = _lines(subject, part) if subject.config.page in FAMILIES else {}
    place = path
    while place and place not in lines and "." in place:
        place = place.rsplit(".", 1)[0]  # a part of a layer that the script makes as a whole
    if place in lines:
        return {"text": lines[place], "where": "script"}
    if module is None:
        return None
    text = repr(module)
    return {"text": text if len(text) <= 2000 else text[:1997] + "...", "where": "module"}


def _lines(subject: Subject, part: str) -> dict[str, str]:
    """The script's line of every layer that it writes, by the layer's name in the network."""
    text = _script(subject.config, subject.step)
    seen = inside(subject, part)
    leaves = [(name, type(one).__name__) for name, one in seen.model.named_modules() if not list(one.children())]
    return matched(_written(text, part), leaves)


@lru_cache(maxsize=4)
def _script(config: Any, step: int) -> str:
    text: str = found(FAMILIES[config.page].script)(config, Recorded([], step, {}, "finished"))
    return text


def _written(text: str, part: str) -> list[tuple[str, str, str]]:
    """(name it is given, class, line) of each layer in the function or class that builds network ``part``."""
    starts = (WHERE.get(part, "def build_model("), "class Network(")
    lines = text.splitlines()
    begin = next((number for number, line in enumerate(lines) if line.startswith(starts)), None)
    if begin is None:
        return []
    made = []
    for line in lines[begin + 1 :]:
        if line and not line[0].isspace():
            break
        hit = LAYER.match(line)
        if hit and hit[2] not in HOLDERS:
            made.append(((hit[1] or "").removeprefix("self."), hit[2], line.strip()))
    return made


def matched(written: list[tuple[str, str, str]], leaves: list[tuple[str, str]]) -> dict[str, str]:
    """Layers of the script given to those of the network: by name where they have one, else by class in order.

    The script leaves out what does nothing, such as dropout with p = 0.
    """
    named = {name: line for name, _kind, line in written if name}
    lines = {name: named[name] for name, _kind in leaves if name in named}
    rest = iter([(kind, line) for name, kind, line in written if not name])
    kind, line = next(rest, ("", ""))
    for name, leaf in leaves:
        if name not in lines and leaf == kind:
            lines[name] = line
            kind, line = next(rest, ("", ""))
    return lines
