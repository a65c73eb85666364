"""The network that a config of the RNN page describes, asked before training."""

from __future__ import annotations

import os
from typing import Any

import torch

from core.config import load_as
from core.config.rnn import RNNRunConfig
from core.errors import ConfigError
from core.i18n import N_
from core.models.rnn import SequenceModel
from core.models.table import RUN_MEMORY_MB
from core.training.sequence_problems import Problem
from core.training.sequences import make_problem

GATES = {"lstm": 4, "gru": 3}


def network_table(values: dict[str, Any]) -> dict[str, Any]:
    """Layers, sizes and data of the run that config ``values`` describe.

    ``rows``: name, kind, arguments, output, parameters of each layer; ``parameters``; ``input`` (T, features);
    ``samples``, ``validation_samples``, ``steps_per_epoch``; ``classes``; ``vocabulary`` (0 where numbers are read).
    Raises :class:`ConfigError` for a run that cannot be, :class:`LiveTorchError` for an upload that is gone.
    """
    config = load_as(RNNRunConfig, values).resolved(device="cpu", threads=1)
    problem = make_problem(config)
    check_memory(config, problem)
    rows = _rows(config, problem)
    return {
        "kind": config.kind,
        "parameters": sum(row["parameters"] for row in rows),
        "rows": rows,
        "input": [problem.steps, problem.inputs],
        "steps_per_epoch": problem.steps_per_epoch(config.batch_size),
        "samples": problem.samples,
        "validation_samples": problem.validation_samples,
        "classes": list(problem.classes),
        "vocabulary": problem.tokens,
        "upload": config.data.upload,
        "text_sha256": problem.sha256,
    }


def check_memory(config: RNNRunConfig, problem: Problem) -> None:
    """Raise :class:`ConfigError` where main memory cannot hold what one batch needs.

    Counted is the least that torch keeps for the way back: the gates and states of every step of every layer, and
    the answers after every step.
    """
    model, limit = config.model, int(os.environ.get("LIVETORCH_RUN_MEMORY_MB") or RUN_MEMORY_MB)
    directions = 2 if model.bidirectional else 1
    states = (GATES.get(model.cell, 1) + 2) * model.hidden * directions * model.layers
    answers = 2 * problem.outputs if problem.every else 0
    needed = 4 * config.batch_size * problem.steps * (states + answers) // 2**20
    if needed > limit:
        raise ConfigError(
            "batch_size",
            N_(
                "A batch of {batch:,} sequences of {steps:,} steps needs at least {needed:,} MB of memory in this network; a run may use {limit:,} MB. Take smaller batches, shorter sequences or fewer hidden units."
            ),
            batch=config.batch_size,
            steps=problem.steps,
            needed=needed,
            limit=limit,
        )


def _rows(config: RNNRunConfig, problem: Problem) -> list[dict[str, Any]]:
    """One row for each layer, in the order of the data."""
    with torch.device("meta"):  # sizes only
        network = SequenceModel(config.model, problem.inputs, problem.outputs, problem.tokens)
    model, steps, rows = config.model, problem.steps, []
    width = problem.inputs
    if network.embedding is not None:
        width = model.embedding
        sizes = {"num_embeddings": problem.tokens, "embedding_dim": width}
        rows.append(_row("embedding", "Embedding", sizes, [steps, width], problem.tokens * width))
    kind = {"gru": "GRU", "lstm": "LSTM"}.get(model.cell, "RNN")
    out = model.hidden * (2 if model.bidirectional else 1)
    for layer in range(model.layers):
        count = sum(part.numel() for name, part in network.rnn.named_parameters() if f"_l{layer}" in name)
        sizes = {"input_size": width, "hidden_size": model.hidden}
        rows.append(_row(f"layer {layer + 1}", kind, sizes, [steps, out], count))
        width = out
    if model.dropout:
        rows.append(_row("dropout", "Dropout", {"p": model.dropout}, [steps, out] if problem.every else [out], 0))
    count = sum(part.numel() for part in network.head.parameters())
    output = [steps, problem.outputs] if problem.every else [problem.outputs]
    rows.append(_row("head", "Linear", {"in_features": out, "out_features": problem.outputs}, output, count))
    return rows


def _row(name: str, kind: str, arguments: dict[str, Any], output: list[int], parameters: int) -> dict[str, Any]:
    return {"name": name, "kind": kind, "arguments": arguments, "output": output, "parameters": parameters}
