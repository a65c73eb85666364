"""The standalone script of a run of the RNN page: plain PyTorch that repeats it, with no LiveTorch import."""

from __future__ import annotations

from textwrap import indent

from core.config import FUSED, OPTIMIZERS
from core.config.rnn import RNNRunConfig
from core.export.recorded import Recorded, constants, header
from core.export.rnn_script_data import data_code, data_constants
from core.export.rnn_script_loop import HELD, batches, step_lines, streams
from core.export.rnn_script_model import evaluate_code, network_code, reads
from core.export.script import changes_of
from core.export.script_parts import CHANGE, CHANGE_BUFFERS, CHANGE_OPTIMIZER, schedule_code

CHANGE_DROPOUT = """\
        elif name == "dropout":
            model.dropout.p = value
            model.rnn.dropout = value if model.rnn.num_layers > 1 else 0.0
"""
LOADED = {  # what is loaded, and what of it the network and the validation are given
    "forecast": ("levels, known, split, mean, std", "", "levels, known, split, mean, std"),
    "characters": ("symbols, held_out, size", "size", "held_out"),
    "digits": ("sequences, labels, held_out, held_out_labels", "", "held_out, held_out_labels"),
    "lines": (
        "sequences, labels, lengths, held_out, held_out_labels, held_out_lengths, size, classes",
        "size, classes",
        "held_out, held_out_labels, held_out_lengths",
    ),
}


def sequence_script(config: RNNRunConfig, run: Recorded) -> str:
    """A script that repeats exactly the run of ``config`` (device, threads and precision resolved).

    Texts and labelled lines are read from the file that was uploaded, whose path is its argument; an uploaded
    series stands in the script. Raises :class:`LiveTorchError` where that is gone.
    """
    changes = changes_of(config, run.edits)  # type: ignore[arg-type]
    changed = {name for made in changes.values() for name in made}
    imports, data = data_code(config)
    functions = [*data, network_code(config, changed), *schedule_code(config.schedule), evaluate_code(config)]
    if changed:
        functions.append(_change(config, changed))
    functions += [_main(config, changed, run.validated), 'if __name__ == "__main__":\n    main()']
    body = "\n\n\n".join(part.strip("\n") for part in functions) + "\n"
    head = [
        header(config, run, config.dataset),
        _imports(imports, body),
        constants(config, changes, run.steps, data_constants(config)),
    ]
    return "\n\n".join(head) + "\n\n\n" + body


def _imports(of_data: set[str], body: str) -> str:
    """Import lines in ruff's order: the standard library, then the rest."""
    standard = {"import hashlib", "import sys", "import sysconfig"} | {
        "from collections import Counter",
        "from pathlib import Path",
    }
    lines = of_data | {"import torch", "from torch import nn", "from torch.nn import functional as F"}
    if "math." in body:
        lines.add("import math")
    if "pack_padded_sequence" in body:
        lines.add("from torch.nn.utils.rnn import pack_padded_sequence")

    def order(line: str) -> tuple[bool, str]:
        return line.startswith("from"), line.split()[1]

    first = standard | {"import math"}
    groups = (sorted(lines & first, key=order), sorted(lines - first, key=order))
    return "\n\n".join("\n".join(group) for group in groups if group)


def _change(config: RNNRunConfig, changed: set[str]) -> str:
    more = CHANGE_DROPOUT if "dropout" in changed else ""
    if changed - {"dropout", *HELD}:
        more += CHANGE_OPTIMIZER
    if config.optimizer.name == "rmsprop" and "momentum" in changed:
        more += CHANGE_BUFFERS
    return CHANGE.format(more=more)


def _main(config: RNNRunConfig, changed: set[str], validated: bool) -> str:
    first = {"lr": "LEARNING_RATE", "batch_size": "BATCH_SIZE", "clip_norm": repr(config.clip_norm)}
    setting = {name: f'now["{name}"]' if name in changed else value for name, value in first.items()}
    by_share = config.schedule.name not in ("constant", "plateau")
    begin, *rest = batches(config, setting["batch_size"]).split("\n    done = ")
    taken = rest[0].split("\n", 1)[1] if rest else ""
    loop = begin + ("\n    done = " + rest[0] if by_share else "\n" + taken)
    if not by_share:
        loop = loop.replace("for number, (x, y) in enumerate(pieces):", "for x, y in pieces:")
        loop = loop.replace("for number in", "for _number in")
    now = "{" + ", ".join(f'"{name}": {first[name]}' for name in HELD if name in changed) + "}"
    begun = ["    step = 0", "    validate(step, 0)"]
    if changed:
        begun += [f"    now = {now}", "    change(now, model, optimizer, step)"]
    return "\n".join(
        [
            "def main():",
            *_set_up(config),
            *begun,
            "    for epoch in range(1, EPOCHS + 1):",
            indent(loop.strip("\n"), " " * 8),
            *(" " * 12 + line for line in step_lines(config, changed, setting)),
            *_end(config, validated),
        ]
    )


def _set_up(config: RNNRunConfig) -> list[str]:
    which, tf32 = reads(config), config.precision != "float32"
    exact = [
        f"    torch.backends.cuda.matmul.allow_tf32 = {tf32}",
        f"    torch.backends.cudnn.allow_tf32 = {tf32}",
    ]
    loaded, network, held = LOADED.get(which, ("", "", "*held_out"))
    data = [f"    {loaded} = load_data()"]
    if which == "forecast":
        data.append("    windows = known[:split].unfold(0, LENGTH + 1, 1)  # (n, LENGTH + 1)")
    if which in ("adding", "copy"):
        data = ["    held_out = make(1000, torch.Generator().manual_seed(1_000_003))"]
    constants = config.optimizer.constants() | ({"fused": True} if config.optimizer.name in FUSED else {})
    given = ", ".join(f"{name}={value!r}" for name, value in constants.items())
    return [
        "    torch.set_num_threads(THREADS)",
        "    torch.manual_seed(SEED)",
        *(exact if config.device == "cuda" else []),
        *data,
        f"    model = Network({network}).to(DEVICE)",
        f"    optimizer = torch.optim.{OPTIMIZERS[config.optimizer.name]}(model.parameters(), lr=LEARNING_RATE, {given})",
        *(["    plateau = Plateau()"] if config.schedule.name == "plateau" else []),
        *(["    order = torch.Generator().manual_seed(SEED)"] if not streams(config) else []),
        "",
        "    def validate(step, epoch):",
        "        model.eval()",
        "        with torch.no_grad():",
        f"            values = evaluate(model, {held})",
        "        model.train()",
        '        said = "  ".join(f"{name} {value!r}" for name, value in values.items())',
        '        print(f"validation  step {step}  epoch {epoch}  {said}")',
        '        return values["loss"]',
        "",
    ]


def _end(config: RNNRunConfig, validated: bool) -> list[str]:
    call = "plateau.see(validate(step, epoch))" if config.schedule.name == "plateau" else "validate(step, epoch)"
    if validated:
        return [f"        {call}"]
    # the run ended in the last step of an epoch, before it was validated
    return ["        if step < STEPS:  # the run ended at step STEPS, before another validation", f"            {call}"]
