"""The exported script of a GAN prints the run's numbers to the last digit."""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from core.config import GANRunConfig
from core.export.gan_script import adversarial_script, changes_of
from core.export.recorded import Recorded
from core.training.events import Metrics
from core.training.task import versions
from tests.core.gan.helping import SMALL, events, small
from tests.test_boundaries import loaded_after


def printed_apart(script: str, folder: Path) -> list[str]:
    """What a fresh Python prints."""
    path = folder / "run.py"
    path.write_text(script)
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def printed(script: str) -> list[str]:
    """What the script prints here: importing torch anew takes longer than all its rounds."""
    with redirect_stdout(io.StringIO()) as said:
        exec(compile(script, "run.py", "exec"), {"__name__": "__main__"})
    return said.getvalue().splitlines()


def said(config: GANRunConfig, edits: list[dict[str, Any]], steps: int) -> list[str]:
    lines = []
    for event in events(config, edits, steps):
        if isinstance(event, Metrics):
            name = "validation  step" if event.split == "validation" else "step"
            told = {key: value for key, value in event.values.items() if not key.startswith("learning_rate")}
            values = "  ".join(f"{key} {value!r}" for key, value in told.items())
            lines.append(f"{name} {event.step}  epoch {event.epoch}  {values}")
    return lines


def edit(step: int, name: str, value: Any) -> dict[str, Any]:
    return {"step": step, "name": name, "value": value}


def check(config: GANRunConfig, edits: list[dict[str, Any]], steps: int, folder: Path | None = None) -> None:
    script = adversarial_script(config, Recorded(edits, steps, versions(), "stopped"))
    assert "livetorch" not in script.replace("LiveTorch", "") and "core." not in script
    assert (printed_apart(script, folder) if folder else printed(script)) == said(config, edits, steps)


RUNS: dict[str, dict[str, Any]] = {
    "ring, two epochs": {"epochs": 2, "loss": {"real_label": 0.9}},
    "spiral, minimax, uniform, one cycle": {
        "dataset": "spiral",
        "loss": {"name": "minimax"},
        "latent": {"dimension": 2, "distribution": "uniform"},
        "schedule": {"name": "one_cycle"},
    },
    "grid, least squares, RMSprop, batch norm": {
        "dataset": "grid",
        "loss": {"name": "least_squares", "real_label": 1.0},
        "generator": SMALL | {"batch_norm": True, "activation": "relu"},
        "optimizer": {"name": "rmsprop", "learning_rate": 0.0005},
        "schedule": {"name": "plateau", "patience": 0},
    },
    "disjoint, hinge, spectral norm, clipped gradients": {
        "dataset": "disjoint",
        "loss": {"name": "hinge"},
        "discriminator": SMALL | {"spectral_norm": True},
        "clip_norm": 0.5,
        "steps_g": 2,
    },
    "line, clipped weights, one player": {
        "dataset": "line",
        "loss": {"name": "wgan_clip", "clip": 0.05},
        "steps_d": 2,
        "players": "discriminator",
    },
    "drawn, penalty": {"dataset": "drawn", "loss": {"name": "wgan_gp"}, "steps_d": 2},
}


@pytest.mark.parametrize("name", RUNS)
def test_a_script_repeats_its_run(name):
    check(small(seed=3, **RUNS[name]), [], 110)


def test_a_script_stands_alone(tmp_path):
    check(small(), [edit(3, "loss.real_label", 0.9)], 90, tmp_path)


def test_everything_that_can_change_is_replayed():
    edits = [
        edit(0, "optimizer.learning_rate", 0.002),
        edit(3, "discriminator_optimizer.learning_rate", 0.0005),
        edit(4, "players", "discriminator"),
        edit(6, "players", "generator"),
        edit(8, "players", "both"),
        edit(9, "steps_d", 2),
        edit(10, "steps_g", 3),
        edit(12, "loss.real_label", 0.7),
        edit(14, "batch_size", 20),
        edit(15, "clip_norm", 0.1),
        edit(16, "data.points", [[0.5, 0.5], [-0.5, 0.25]]),
        edit(17, "data.spread", 0.1),
        edit(18, "optimizer.beta1", 0.1),
        edit(19, "discriminator_optimizer.momentum", 0.5),
        edit(20, "stop.seconds", 500),
    ]
    first = {"name": "rmsprop", "learning_rate": 0.001, "momentum": 0.0}
    check(small(dataset="drawn", discriminator_optimizer=first), edits, 40)


def test_digits_to_order():
    steep = SMALL | {"spectral_norm": True}
    check(small(dataset="digits", conditional=True, discriminator=steep, batch_size=300, steps_d=2), [], 10**6)


def test_digits_by_convolutions():
    player = {"kind": "dcgan", "channels": 4}
    config = small(
        dataset="digits",
        generator=player | {"batch_norm": True},
        discriminator=player,
        conditional=True,
        batch_size=500,
    )
    check(config, [edit(2, "batch_size", 100)], 10**6)


def test_the_server_writes_scripts_without_torch():
    code = (
        "from core.export.gan_script import adversarial_script; from core.export.recorded import Recorded; "
        "from core.config import GANRunConfig; adversarial_script(GANRunConfig(), Recorded([], 3, {}, 'stopped'))"
    )
    assert "torch" not in loaded_after(code)


def test_a_script_for_mnist_is_valid_python():
    config = small(dataset="mnist")
    compile(adversarial_script(config, Recorded([], 3, versions(), "stopped")), "script.py", "exec")


def test_changes_go_by_torchs_own_names():
    edits = [
        edit(1, "discriminator_optimizer.beta1", 0.3),
        edit(2, "optimizer.learning_rate", 0.1),
        edit(2, "loss.penalty", 3.0),
        edit(2, "stop.seconds", 5),
    ]
    assert changes_of(small(loss={"name": "wgan_gp"}), edits) == {
        1: {"discriminator_optimizer.betas": (0.3, 0.999)},
        2: {"optimizer.lr": 0.1, "penalty": 3.0},
    }
