"""``make bench-gpu``: a GPU's live loop against a tutorial's, eager against its CUDA graph, and times to accuracies.

Needs no Streamlit and no browser. MNIST, Fashion-MNIST and CIFAR-10
where LIVETORCH_DATA has them. To beat: MNIST 99 % in a second; CIFAR-10 94 % in 3.29 s on an A100 (airbench, Jordan, 2024).
"""

from __future__ import annotations

import json
import statistics
import time
from typing import Any

import torch

from bench.training import SMALL, in_a_process
from core.config import load
from core.datasets import DATASETS
from core.presets import PRESETS
from core.training.events import Metrics
from core.training.loop import train
from core.training.task import make_task, resolve


def measured(values: dict[str, Any], graphed: bool = True) -> tuple[float, float, float | None]:
    """(pictures a second, last validation accuracy, seconds to the target or ``None``), validation included."""
    task = make_task(resolve(load(values | {"device": "cuda"}), threads=4))
    if not graphed:
        task.graphed = None
    began, reached, accuracy = 0.0, None, 0.0
    target = task.config.stop.target_accuracy
    for event in train(task):
        if isinstance(event, Metrics) and event.split == "validation":
            began = began or time.perf_counter()
            accuracy = event.values["accuracy"]
            if target and reached is None and accuracy >= target:
                reached = time.perf_counter() - began
    return task.progress * len(task.images) / (time.perf_counter() - began), accuracy, reached


def main() -> None:
    """Print one line for each figure."""
    if not torch.cuda.is_available():
        raise SystemExit("No GPU that PyTorch can use.")
    print(torch.cuda.get_device_name(), "torch", torch.__version__)
    measured(SMALL)  # libraries load, kernels are chosen
    tutorial = json.loads(in_a_process("-m", "bench.tutorial", "4", "cuda"))
    eager, graph = measured(SMALL, graphed=False), measured(SMALL)
    print(f"tutorial {tutorial['rate']:,.0f}, eager {eager[0]:,.0f}, CUDA graph {graph[0]:,.0f} pictures/s")
    print(f"graph against tutorial {graph[0] / tutorial['rate']:.1f} x, against eager {graph[0] / eager[0]:.1f} x")
    for name in ("mnist99", "fashion91", "cifar94"):
        preset = PRESETS[name]
        if not DATASETS[preset.dataset or "digits"].available():
            continue
        runs = [measured(preset.make(preset.dataset or "").to_dict() | {"seed": seed}) for seed in range(5)]
        times = [reached for _rate, _accuracy, reached in runs if reached is not None]
        said = f"median {statistics.median(times):.2f} s" if times else "never"
        print(f"{name}: {said}, {len(times)} of 5 runs; accuracies", [f"{accuracy:.2%}" for _rate, accuracy, _ in runs])


if __name__ == "__main__":
    main()
