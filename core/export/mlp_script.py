"""The standalone script of a playground run: the readable loop that its quick steps stand for."""

from __future__ import annotations

from typing import Any, cast

from core.config import FUSED, OPTIMIZERS, MLPRunConfig
from core.export import mlp_script_parts as parts
from core.export.recorded import Edit, Recorded, header
from core.export.script import changes_of

COMPILED = """
# The run's steps were compiled, which rounds differently; this loop gives its numbers up to about 1e-4 at first."""


def plane_script(config: MLPRunConfig, run: Recorded) -> str:
    """A script that repeats exactly the run of ``config`` (device and threads resolved; eager mode)."""
    changes = plane_changes(config, run.edits)
    changed = {name for made in changes.values() for name in made}
    head = [header(config, run, config.dataset) + COMPILED * (config.mode == "compiled"), _imports(config)]
    head.append(_constants(config, changes, run.steps))
    body = [
        *parts.data(config, "points" in changed),
        *parts.network(config, changed),
        *parts.schedule(config),
        parts.RECORDED,
        *([parts.change(config, changed)] if changed - {"points"} else []),
        main(config, changed),
        'if __name__ == "__main__":\n    main()',
    ]
    return "\n\n".join(head) + "\n\n\n" + "\n\n\n".join(part.strip("\n") for part in body) + "\n"


def plane_changes(config: MLPRunConfig, edits: list[Edit]) -> dict[int, dict[str, Any]]:
    """Step -> what changed after it. ``poke`` holds every weight that was set then, in order."""
    found = changes_of(cast(Any, config), [edit for edit in edits if edit["name"] != "poke"])
    for edit in edits:
        if edit["name"] == "poke":
            layer, row, column, value = edit["value"]
            poked = (int(layer), int(row), int(column), float(value))
            found.setdefault(edit["step"], {}).setdefault("poke", []).append(poked)
    for made in found.values():
        if "points" in made:  # whose checksums are of floats
            made["points"] = [tuple(map(float, point)) for point in made["points"]]
    return dict(sorted(found.items()))


def _imports(config: MLPRunConfig) -> str:
    standard = ["import math"] * (config.dataset != "drawn" or config.schedule.name not in ("constant", "warmup"))
    standard += ["import zlib"] * (config.dataset == "drawn")
    lines = "import torch\nfrom torch import nn\nfrom torch.nn import functional as F"
    return ("\n".join(standard) + "\n\n" if standard else "") + lines


def _constants(config: MLPRunConfig, changes: dict[int, dict[str, Any]], steps: int) -> str:
    lines = [
        f"SEED = {config.seed}",
        f"DATA_SEED = {config.data.seed}",
        f"EPOCHS = {config.epochs}",
        f"BATCH_SIZE = {config.batch_size}",
        f"LEARNING_RATE = {config.optimizer.learning_rate!r}",
        f"TRAIN_SHARE = {config.data.train_share!r}",
    ]
    if config.dataset == "drawn":
        lines.append(f"POINTS = {[tuple(map(float, point)) for point in config.data.points]!r}  # x1, x2, target")
    if changes:
        lines.append("EDITS = {  # after this step: what was changed by hand")
        for step, made in changes.items():
            lines.append(f"    {step}: {{" + ", ".join(f'"{name}": {value!r}' for name, value in made.items()) + "},")
        lines.append("}")
    lines += [f"STEPS = {steps}  # how far the run went", f'DEVICE = "{config.device}"', f"THREADS = {config.threads}"]
    return "\n".join(lines)


def main(config: MLPRunConfig, changed: set[str]) -> str:
    """The body of the script."""
    constants = config.optimizer.constants() | ({"fused": True} if config.optimizer.name in FUSED else {})
    given = ", ".join(f"{name}={value!r}" for name, value in constants.items())
    optimizer = f"torch.optim.{OPTIMIZERS[config.optimizer.name]}(model.parameters(), lr=LEARNING_RATE, {given})"
    held = [name for name in parts.HELD if name in changed]
    first = parts.first_values(config)
    now = "{" + ", ".join(f'"{name}": {first[name]}' for name in held) + "}"
    apply = ["change(now, model, optimizer, step)"] * bool(changed - {"points"})
    points = ['points = EDITS.get(0, {}).get("points", POINTS)'] * ("points" in changed)
    plateau = config.schedule.name == "plateau"
    classes = config.task == "classification"
    start = " accuracy {test[1]!r}" if classes else ""
    lines = [
        "torch.set_num_threads(THREADS)",
        "torch.manual_seed(SEED)",
        "model = build_model().to(DEVICE)",
        f"train, test = load_points({'POINTS' if 'points' in changed else ''})",
        f"optimizer = {optimizer}",
        *["plateau = Plateau()"] * plateau,
        "order = torch.Generator().manual_seed(SEED)",
        "step, result = 0, measure(model, test)",
        'print(f"epoch 0  test loss {result[0]!r}' + start.replace("test[1]", "result[1]") + '")',
        *[f"now = {now}"] * bool(apply),
        *apply,
        *points,
        *["train, test = load_points(points)"] * bool(points),
        "for epoch in range(1, EPOCHS + 1):",
        *(f"    {line}" for line in _epoch(config, changed, bool(apply))),
    ]
    return "def main():\n" + "\n".join(f"    {line}" for line in lines)


def _epoch(config: MLPRunConfig, changed: set[str], changes: bool) -> list[str]:
    """One epoch, without the indentation of the loop around it."""
    setting = {
        name: f'now["{name}"]' if name in changed else value for name, value in parts.first_values(config).items()
    }
    said = 'print(f"epoch {epoch}  train loss {trained[0]!r}  test loss {tested[0]!r}")'
    if config.task == "classification":
        said = (
            'print(f"epoch {epoch}  train loss {trained[0]!r} accuracy {trained[1]!r}'
            '  test loss {tested[0]!r} accuracy {tested[1]!r}")'
        )
    measure = "recorded(epoch)" if config.schedule.name != "plateau" else "True"
    inner = [
        "if step == STEPS:",
        "    return",
        *parts.rate(config, setting["lr"], "lr" in changed),
        f"size = {setting['batch_size']}",
        *(["size += len(left) == size + 1  # no batch of a single point"] * (config.model.normalization == "batch")),
        f"batch, left = left[:size]{'.to(DEVICE)' if config.device != 'cpu' else ''}, left[size:]",
        *parts.update(config, changed, setting),
        "step += 1",
        "if len(left) == 0" + ("" if measure == "True" else f" and {measure}") + ":",
        "    trained, tested = measure(model, train), measure(model, test)",
        *["change(now, model, optimizer, step)"] * changes,
        *(
            parts.OTHER_POINTS.format(least=2 if config.model.normalization == "batch" else 1).splitlines()
            * ("points" in changed)
        ),
    ]
    return [
        "left = torch.randperm(len(train[0]), generator=order)",
        "while len(left) > 0:",
        *(f"    {line}" for line in inner),
        "if recorded(epoch):",
        f"    {said}",
        *["plateau.see(tested[0])"] * (config.schedule.name == "plateau"),
    ]
