"""What a recipe is: which settings of a config a page has widgets for, and how these are called."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, get_args, get_origin

from core.config import RunConfig
from core.settings import hints_of, setting_of, to_dict

COMMON = {  # widget suffix -> config path, on every page that trains
    "optimizer": "optimizer.name",
    "lr": "optimizer.learning_rate",
    "momentum": "optimizer.momentum",
    "nesterov": "optimizer.nesterov",
    "beta1": "optimizer.beta1",
    "beta2": "optimizer.beta2",
    "alpha": "optimizer.alpha",
    "rho": "optimizer.rho",
    "weight_decay": "optimizer.weight_decay",
    "schedule": "schedule.name",
    "warmup": "schedule.warmup",
    "step_epochs": "schedule.step_epochs",
    "factor": "schedule.factor",
    "schedule_patience": "schedule.patience",
    "floor": "schedule.floor",
    "target_accuracy": "stop.target_accuracy",
    "target_loss": "stop.target_loss",
    "patience": "stop.patience",
    "max_seconds": "stop.seconds",
    "clip_norm": "clip_norm",
    "batch_size": "batch_size",
    "epochs": "epochs",
    "seed": "seed",
    "device": "device",
    "precision": "precision",
    "threads": "threads",
}


@dataclass(frozen=True)
class ListOf:
    """A tuple setting: one widget says how many entries there are, others what each of them is."""

    path: str  # "model.blocks"
    count: str  # suffix of the widget that counts: "blocks"
    prefix: str  # of an entry: "block" makes block1_..., block2_...
    plain: str = ""  # what follows the number where an entry is a single value: "units"
    new: Mapping[str, Any] = field(default_factory=dict)  # what a new entry has where its class's default does not fit


@dataclass(frozen=True)
class Recipe:
    """The settings of one page."""

    config_class: type[RunConfig]
    paths: Mapping[str, str]  # widget suffix -> dotted config path
    lists: tuple[ListOf, ...] = ()
    unlinked: frozenset[str] = frozenset()  # suffixes of what is too long for a link and kept with the run alone
    company: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # suffix -> what it needs
    aside: tuple[str, ...] = ()  # beginnings of other names in the link that look like settings
    chosen: frozenset[str] = frozenset()  # suffixes of what a preset leaves as it is
    belongs: Mapping[str, str] = field(
        default_factory=dict
    )  # suffix -> what it is hidden with, where its path says another thing

    @cached_property
    def suffixes(self) -> dict[str, str]:
        """Suffix -> config path of every setting that can exist on the page, counts excepted."""
        found = dict(self.paths)
        for one in self.lists:
            for number in range(1, self.most(one) + 1):
                found |= {
                    self.entry(one, number, name): f"{one.path}.{number - 1}{'.' * bool(name)}{name}"
                    for name in self.names(one)
                }
        return found

    def most(self, one: ListOf) -> int:
        """The most entries of a list."""
        return self.bounds(one)[1]

    def bounds(self, one: ListOf) -> tuple[int, int]:
        """The fewest and most entries of a list."""
        owner, name = self.at(one.path)
        return setting_of(owner, name).count or (0, 8)

    def names(self, one: ListOf) -> list[str]:
        """The settings of an entry; one nameless where it is a single value."""
        item = self.item(one)
        return [entry.name for entry in dataclasses.fields(item)] if dataclasses.is_dataclass(item) else [""]

    def item(self, one: ListOf) -> Any:
        """What class an entry is of."""
        owner, name = self.at(one.path)
        return get_args(hints_of(owner)[name])[0]

    def entry(self, one: ListOf, number: int, name: str) -> str:
        """The suffix of a setting of entry ``number`` (from 1): block2_stride, dense1_units."""
        return f"{one.prefix}{number}_{name or one.plain}"

    def at(self, path: str) -> tuple[type, str]:
        """The class that owns the setting at ``path`` and the setting's name in it: (ConvBlock, "stride")."""
        owner: Any = self.config_class
        *parents, last = path.split(".")
        if last.isdecimal():  # an entry that is a single value is described by its list
            last = parents.pop()
        for name in parents:
            owner = get_args(owner)[0] if name.isdecimal() else hints_of(owner)[name]
        assert get_origin(owner) is None
        return owner, last

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """Suffix -> what its widget shows before anybody touches it, entries beyond the default's included."""
        found = self.values(self.config_class())
        for one in self.lists:
            item = self.item(one)
            fresh = {**(to_dict(item()) if dataclasses.is_dataclass(item) else {}), **one.new}
            for number in range(1, self.most(one) + 1):
                for name in self.names(one):
                    found.setdefault(self.entry(one, number, name), fresh[name])
        return found

    def values(self, config: RunConfig) -> dict[str, Any]:
        """Suffix -> value, so that the page shows ``config``."""
        plain = config.to_dict()
        found = {suffix: value_at(plain, path) for suffix, path in self.paths.items()}
        for one in self.lists:
            entries = value_at(plain, one.path)
            found[one.count] = len(entries)
            for number, entry in enumerate(entries, 1):
                for name in self.names(one):
                    found[self.entry(one, number, name)] = entry[name] if name else entry
        return found


def value_at(plain: Mapping[str, Any], path: str) -> Any:
    """What lies at the dotted ``path``."""
    value: Any = plain
    for name in path.split("."):
        value = value[name]
    return value
