"""What the stage of the two players needs beside the run's feed: facts, a preview, the drawn points and what comes back."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.config import GANRunConfig, RunConfig
from core.config.gan import GAN_DATASETS, PLANE
from core.datasets import DATASETS
from core.errors import ConfigError, LiveTorchError
from core.i18n import N_
from core.runs.service import RunView, service
from pages.shared.language import _
from pages.shared.recipe import config_of
from pages.shared.transport import change
from pages.shared.words.gan import charts_of

TIMEOUT = 20.0  # seconds; the first question waits for the workers to start
POINTS = "data.points"


def scene(
    page: str, config: GANRunConfig, found: dict[str, Any], run: RunView | None, next_config: RunConfig | None
) -> dict[str, Any]:
    """What is handed to the live view for a run of ``config``; ``found``: what its check says of it.

    ``next_config``: of the settings, which is what is drawn for while no run is on.
    """
    plane = config.dataset in PLANE
    warped = plane and config.latent.dimension <= 2
    names = ["slow", "history", *(["warp"] if warped else []), "interpolation", *([] if plane else ["nearest"])]
    classes = list(DATASETS[config.dataset].classes) if config.conditional else []
    return {
        "views_first": True,
        "kind": found["kind"],
        "view_names": names,
        "charts": charts_of(config, found),
        "facts": _facts(config, found),
        "has": {"modes": bool(found["modes"]), "warp": warped, "classes": classes},
        "points": _drawable(config, run, next_config),
        "points_id": st.session_state.get(f"{page}_points_id"),
        "preview": _preview(config) if run is None and plane else None,
        "note": _note(config, run, next_config),
    }


def _drawable(config: GANRunConfig, run: RunView | None, next_config: RunConfig | None) -> list[list[float]] | None:
    """The points to draw on: those of the settings, unless the run that is on learns something else."""
    if not isinstance(next_config, GANRunConfig) or next_config.dataset != "drawn" or config.dataset not in PLANE:
        return None
    if run is not None and run.active and config.dataset != "drawn":
        return None
    return [list(point) for point in next_config.data.points]


def _note(config: GANRunConfig, run: RunView | None, next_config: RunConfig | None) -> str:
    """Of a run that is over while other data are chosen."""
    if run is None or run.active or not isinstance(next_config, GANRunConfig) or next_config.dataset == config.dataset:
        return ""
    return _("This run of {data} is over. Press Train to begin with the settings on the page.").format(
        data=_(GAN_DATASETS[config.dataset])
    )


def shown_config(run: RunView | None, config: GANRunConfig | None) -> GANRunConfig | None:
    """Whose players are on the stage: the run's as they are now, else those of the settings."""
    if run is not None and isinstance(run.config, GANRunConfig):
        now = run.now
        return now if isinstance(now, GANRunConfig) else run.config
    return config


def _facts(config: GANRunConfig, found: dict[str, Any]) -> dict[str, Any]:
    noise = _("{count} × N(0, 1)") if config.latent.distribution == "gaussian" else _("{count} × U(-1, 1)")
    size = _("{count:,} parameters")
    return {
        "z": noise.format(count=config.latent.dimension),
        "generator": size.format(count=found["generator"]["parameters"]),
        "discriminator": size.format(count=found["discriminator"]["parameters"]),
        "real": _(GAN_DATASETS[config.dataset]).split(" (")[0],  # its box has no room for the size of the pictures
        "wants_g": _wants(config)[0],
        "wants_d": _wants(config)[1],
        "players": config.players,
    }


def _wants(config: GANRunConfig) -> tuple[list[str], list[str]]:
    """What each player pulls at, in lines short enough for its box."""
    name, real = config.loss.name, [f"D(x) → {config.loss.real_label:g}", "D(G(z)) → 0"]
    return {
        "minimax": (["log(1 - D(G(z)))"], real),
        "non_saturating": (["-log D(G(z))"], real),
        "least_squares": (["D(G(z)) → 1"], real),
        "hinge": (["-D(G(z))"], ["D(x) ≥ 1", "D(G(z)) ≤ -1"]),
        "wgan_clip": (["-D(G(z))"], ["D(G(z)) - D(x)", f"|w| ≤ {config.loss.clip:g}"]),
        "wgan_gp": (["-D(G(z))"], ["D(G(z)) - D(x)", "|∇D| → 1"]),
    }[name]


def _preview(config: GANRunConfig) -> dict[str, Any] | None:
    """The plane before the first round; without it the stage stays empty, which harms nobody."""
    asked = "core.probes.fresh:look_at_fresh"
    try:
        seen: dict[str, Any] = service().ask(asked, config.to_dict(), "plane", {}, timeout=TIMEOUT)
    except LiveTorchError:
        return None
    return seen


def take_edit(page: str) -> None:
    """Points were drawn in the picture: into the settings, and into the run that is on. Nonsense is refused."""
    sent = st.session_state.get(f"{page}_live", {}).get("edit")
    if not isinstance(sent, dict) or sent.get("name") != POINTS:
        return
    st.session_state[f"{page}_points_id"] = sent.get("id")  # tells the picture that what it sent has come
    key = f"{page}_points"
    try:
        points = _points(sent.get("value"))
        config_of(page, {**st.session_state.to_dict(), key: points})
    except ConfigError as error:
        st.session_state[f"{page}_notice"] = error
        return
    st.session_state[key] = points
    change(page, "points")


def _points(value: Any) -> list[list[float]]:
    if not isinstance(value, list) or not all(
        isinstance(point, list) and len(point) == 2 and all(isinstance(number, int | float) for number in point)
        for point in value
    ):
        raise ConfigError(POINTS, N_("{field} must be pairs of numbers, x and y."))
    return [[float(x), float(y)] for x, y in value]
