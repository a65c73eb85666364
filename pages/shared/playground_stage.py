"""What the stage of the playground is given beside the run, and what the visitor does in it by hand."""

from __future__ import annotations

import json
import math
from typing import Any

import streamlit as st

from core.config import RunConfig
from core.config.mlp import FEWEST_DRAWN, MLPRunConfig
from core.config.plane import EDGE, MOST_POINTS
from core.errors import LiveTorchError
from core.probes.fresh import look_at_fresh
from core.runs.service import RunView, service
from pages.shared.asked import later, saying, tell
from pages.shared.cards import value_of
from pages.shared.hiding import shown
from pages.shared.language import _
from pages.shared.playground_data import is_regression
from pages.shared.recipe import config_of
from pages.shared.recipes.mlp import INPUTS
from pages.shared.transport import own_run, start
from pages.shared.visitor import visitor

TIMEOUT = 20.0  # seconds; the first question waits for the workers to start
FINE, COARSE = 24, 14  # side of a neuron's map
CROWD = 70  # neurons from which the maps are coarse
DETAIL = 60
STAGED = ("dataset", "data", "features", "model", "loss", "seed")  # what the first picture depends on
APART = ("device", "threads", "precision", "poke", "version")  # differences that nobody made


def few_points(page: str) -> bool:
    """Whether the visitor's own points are too few to train on."""
    return bool(value_of(page, "dataset") == "drawn" and len(value_of(page, "points")) < FEWEST_DRAWN)


def stage_data(page: str, run: RunView | None, config: RunConfig | None) -> dict[str, Any]:
    """For ``live_run(more=...)``."""
    own = run is None or run.own
    shows = run.config if run is not None and (run.active or not own) else config
    neurons = sum(layer.neurons for layer in shows.model.layers) if isinstance(shows, MLPRunConfig) else 0
    side = COARSE if neurons > CROWD else FINE
    preview = _preview(run, config, side) if own else None
    note = None
    if own and few_points(page) and not (run is not None and run.active):
        preview = {"blank": True, "instead": True}
        note = _("Paint at least {count} points on the map, or load a file; then press Train.").format(
            count=FEWEST_DRAWN
        )
    painted = value_of(page, "dataset") == "drawn" and (run is None or not run.active or _takes_points(run))
    return {
        "side": side,
        "task": "regression" if is_regression(page) else "classification",
        "classes": value_of(page, "classes"),
        "preview": preview,
        "note": note,
        "paint": _paint(page) if own and painted else None,
        "switches": {"inputs": own and shown(page, *INPUTS), "neurons": shown(page, "layer1_neurons")},
    }


def _takes_points(run: RunView) -> bool:
    """Whether the run trains on points that were set by hand."""
    return isinstance(run.config, MLPRunConfig) and run.config.dataset == "drawn"


def _paint(page: str) -> dict[str, Any]:
    return {
        "points": [list(point) for point in value_of(page, "points")],
        "taken": st.session_state.get(f"{page}_taken"),
        "task": "regression" if is_regression(page) else "classification",
        "classes": value_of(page, "classes"),
    }


def _preview(run: RunView | None, config: RunConfig | None, side: int) -> dict[str, Any] | None:
    """The first picture of these settings, where no run shows a better one."""
    if config is None or (run is not None and run.active and run.step):
        return None
    instead = run is not None and not run.active and _staged(run.now) != _staged(config)
    if run is not None and not run.active and not instead:
        return None
    shows = run.config if run is not None and run.active else config
    key = json.dumps([shows.to_dict(), side], sort_keys=True)
    kept = st.session_state.get("mlp_preview")
    if kept is None or kept[0] != key:
        try:
            found = {
                name: service().ask(look_at_fresh, shows.to_dict(), name, args, timeout=TIMEOUT)
                for name, args in (("playground", {"side": side, "detail": DETAIL}), ("points", {}))
            }
        except LiveTorchError:
            return None  # the page's check says what is wrong
        kept = st.session_state["mlp_preview"] = (key, found)
    return {**kept[1], "instead": instead}


def _staged(config: RunConfig) -> dict[str, Any]:
    plain = config.to_dict()
    return {name: plain[name] for name in STAGED}


def restart_offer(page: str, run: RunView | None, config: RunConfig | None) -> None:
    """Says that the run on the stage is not what the settings describe, and starts one that is."""
    if run is None or not (run.active and run.own) or config is None:
        return
    now, wanted = run.now.to_dict(), config.to_dict()
    if all(now[name] == wanted[name] for name in now if name not in APART):
        return
    with st.container(key=f"{page}_differs", horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_("The run on the stage began with other settings; what you changed holds from the next run."))
        st.button(
            _("Start over with these"),
            key=f"{page}_restart",
            icon=":material/restart_alt:",
            on_click=later,
            args=(page, lambda: _restart(page)),
            help=_("Stops this run, keeps its curves, and trains from step 0 with the settings as they are now."),
        )


def _restart(page: str) -> None:
    config, run = config_of(page, st.session_state), own_run(page)
    if run is not None and run.active:
        service().stop(run.id, visitor())
    start(page, config)


def on_edit(page: str) -> None:
    """The visitor did something in the picture. What comes from a browser is checked before it counts."""
    said = dict(st.session_state.get(f"{page}_live") or {}).get("edit")
    if isinstance(said, dict):
        saying(page, lambda: _edit(page, said.get("name"), said.get("value"), said.get("id")))


def _edit(page: str, name: Any, value: Any, mark: Any) -> None:
    state = st.session_state
    if name == "data.points" and (points := _points(value)) is not None:
        state[f"{page}_points"] = state[f"{page}_painted"] = points
        state[f"{page}_taken"] = str(mark)[:40]
        run = own_run(page)
        if run is not None and run.active and _takes_points(run) and len(points) >= FEWEST_DRAWN:
            service().edit(run.id, visitor(), "data.points", points)
    elif name == "poke":
        _poke(page, value)
    elif name == "feature" and isinstance(value, list) and len(value) == 2 and value[0] in INPUTS:
        tell(page, {f"{page}_{value[0]}": bool(value[1])})
    elif name == "neurons" and isinstance(value, list) and len(value) == 2 and all(isinstance(v, int) for v in value):
        layer, neurons = value
        if 1 <= layer <= value_of(page, "layers") and 1 <= neurons <= 32:
            tell(page, {f"{page}_layer{layer}_neurons": neurons})


def _poke(page: str, value: Any) -> None:
    """Set a weight by hand; before a run, one begins and waits with it."""
    run = own_run(page)
    if run is None or not run.active:
        config = config_of(page, st.session_state)
        config.with_value("poke", value)  # refuses a weight that is not there before a run begins for it
        run = start(page, config, paused=True)
    service().edit(run.id, visitor(), "poke", value)


def _points(value: Any) -> list[list[float]] | None:
    """The list as it may be kept, or ``None`` where it is none."""
    if not isinstance(value, list) or len(value) > MOST_POINTS:
        return None
    found = []
    for point in value:
        if not isinstance(point, list) or len(point) != 3 or not all(isinstance(one, int | float) for one in point):
            return None
        if not all(math.isfinite(one) for one in point) or abs(point[0]) > EDGE or abs(point[1]) > EDGE:
            return None
        found.append([float(one) for one in point])
    return found
