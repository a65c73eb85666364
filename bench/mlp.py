"""How fast the playground trains live: TensorFlow Playground's set-up, watched with its stage open, on one core."""

from __future__ import annotations

import os
import statistics
import threading
import time
from pathlib import Path
from typing import Any

from bench.training import VISITOR, engine

Row = tuple[str, float, str, str, str]
EPOCHS = 1500
ROUNDS = 3
# the loop everybody writes, with one full assessment an epoch, to tell how fast this machine is
PLAIN = """
import time, torch
from torch import nn
from torch.nn import functional as F
torch.set_num_threads(1)
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2), nn.Tanh(), nn.Linear(2, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.03)
x, y = torch.randn(250, 2), torch.randn(250, 1).sign()
def epoch():
    for batch in torch.randperm(250).split(10):
        loss = 0.5 * F.mse_loss(torch.tanh(model(x[batch])), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
epoch()
began = time.perf_counter()
for _ in range(100):
    epoch()
print(100 / (time.perf_counter() - began))
"""


def rows(home: Path) -> list[Row]:
    """Epochs a second, eager and compiled."""
    from bench.training import in_a_process

    plain = statistics.median(float(in_a_process("-c", PLAIN)) for _round in range(ROUNDS))
    with engine(home) as service:
        eager = statistics.median(_rate(service, "eager") for _round in range(ROUNDS))
        compiled = statistics.median(_rate(service, "compiled") for _round in range(ROUNDS))
    said = (
        f"2-4-2-1, 250 points, batch 10, one thread, the stage drawn 20 times a second; a plain loop here {plain:.0f}"
    )
    return [
        ("playground.epochs_per_second", eager, "epochs/s", ">= 150", said),
        ("playground.compiled_epochs_per_second", compiled, "epochs/s", ">= 450", said),
    ]


def _rate(service: Any, mode: str) -> float:
    """Epochs a second of a live run from its first recorded epoch to its last, with a client that drains everything."""
    from core.config import load
    from core.runs.looks import Look

    run = service.submit(VISITOR, load({"page": "mlp", "mode": mode, "epochs": EPOCHS, "threads": 1}))
    record = service.record(run.id, VISITOR)
    woken = threading.Event()
    unwatch = service.watch(record, woken.set)
    service.viewing.look(record, woken.set, (Look.of("playground", {"side": 24, "detail": 60}),))
    cursor, limit = 0, time.monotonic() + 120
    while record.active and time.monotonic() < limit:
        woken.wait(1.0)
        woken.clear()
        cursor = record.log.since(cursor)["to"]
    unwatch()
    assert record.state == "finished", record.row["reason"]
    trained = [(epoch, seconds) for split, _step, epoch, seconds, _row in record.log.rows() if split == "train"]
    service.delete(run.id, VISITOR)
    return (trained[-1][0] - trained[0][0]) / (trained[-1][1] - trained[0][1])


if __name__ == "__main__":
    import tempfile

    os.environ.setdefault("LIVETORCH_THREADS", "1")
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(Path(folder)):
            print(*row)
