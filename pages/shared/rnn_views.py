"""What the live view of the RNN page is told beside its run: which views and curves suit the data."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from core.config.rnn import RNNRunConfig
from core.datasets.sequences import text_entropies
from core.errors import LiveTorchError
from core.runs.service import RunView, service
from pages.shared.words.rnn import charts_for

FRESH = "core.probes.fresh:look_at_fresh"
TIMEOUT = 20.0  # seconds
FIRST = {  # kind -> the view that stands first
    "forecast": "forecast", "characters": "text", "classify": "sequences", "memory": "sequences",
}  # fmt: skip
PREVIEWS: dict[str, tuple[str, dict[str, Any]]] = {  # what that view asks when it opens, as in assets/js
    "forecast": ("forecast", {"origin": None}),
    "text": ("sample", {"temperature": 0.8, "prompt": "", "length": 200, "seed": 0, "piece": 0}),
    "sequences": ("sequences", {"first": 0}),
}


def views_of(run: RunView | None, config: RNNRunConfig | None, usable: bool) -> dict[str, Any]:
    """For :func:`pages.shared.live.live_run`: ``config`` is what the widgets describe, or ``None``;
    ``usable``: it can be trained, and so looked at before.
    """
    own = run.config if run is not None and isinstance(run.config, RNNRunConfig) else None
    shown = own or config or RNNRunConfig()
    gated = shown.model.cell in ("gru", "lstm")
    names = [FIRST[shown.kind], "hidden", *(["gates"] if gated else []), "gradient", "step"]
    return {
        "views_first": True,
        "view_names": names,
        "charts": charts_for(shown, _entropies(shown)),
        "previews": [] if run is not None or config is None or not usable else _previews(config),
    }


def _entropies(config: RNNRunConfig) -> tuple[float, float] | None:
    if config.kind != "characters":
        return None
    try:
        unigram, bigram = service().ask(text_entropies, config.dataset, config.data.upload, timeout=TIMEOUT)
        return unigram, bigram
    except LiveTorchError:
        return None  # the page says why


def _previews(config: RNNRunConfig) -> list[dict[str, Any]]:
    """What the first view shows of the network before it is trained; nothing where it cannot be."""
    name, args = PREVIEWS[FIRST[config.kind]]
    matters = RNNRunConfig(dataset=config.dataset, data=config.data, model=config.model, seed=config.seed)
    try:
        data = _preview(json.dumps(matters.to_dict()), name, json.dumps(args))
    except LiveTorchError:
        return []
    return [{"name": name, "args": args, "step": 0, "data": data}]


@st.cache_data(max_entries=32, show_spinner=False)
def _preview(config_json: str, name: str, args_json: str) -> dict[str, Any]:
    return dict(service().ask(FRESH, json.loads(config_json), name, json.loads(args_json), timeout=TIMEOUT))
