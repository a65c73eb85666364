"""Looks into a network: functions of a subject that leave weights, mode, gradients and random numbers as they were.

Importing this loads no torch; a look's module is imported when it is first asked for.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from core.errors import LiveTorchError
from core.families import found, looks_of
from core.i18n import N_

if TYPE_CHECKING:
    from core.probes.subject import Subject


def look(subject: Subject, name: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """What look ``name`` sees in ``subject``, JSON-ready.

    Raises :class:`LiveTorchError` for an unknown look and for arguments it does not take; they come from a browser.
    """
    looks = looks_of(subject.config.page)
    if name not in looks:
        raise LiveTorchError(N_("There is no view called {name}."), name=str(name)[:40])
    function: Callable[..., dict[str, Any]] = found(looks[name])
    taken = [parameter for parameter in inspect.signature(function).parameters if parameter != "subject"]
    unknown = sorted(str(given)[:40] for given in args if given not in taken)
    if unknown:
        raise LiveTorchError(
            N_("The view {name} has no setting {setting}. Reload the page."), name=name, setting=unknown[0]
        )
    return function(subject, **args)
