"""The training loop of a standalone script of the RNN page: plain text."""

from __future__ import annotations

from textwrap import indent

from core.config.rnn import RNNRunConfig
from core.export.rnn_script_model import reads

HELD = ("lr", "batch_size", "clip_norm")  # what the loop itself looks up
SHUFFLED = """\
count = {samples}
left = torch.randperm(count, generator=order)
while len(left) > 0:
    if step == STEPS:
        return
    done = (epoch - 1 + (count - len(left)) / count) / EPOCHS
    chosen, left = left[:{size}], left[{size}:]
{pick}
"""
FRESH = """\
for number in range(STEPS_PER_EPOCH):
    if step == STEPS:
        return
    done = (epoch - 1 + number / STEPS_PER_EPOCH) / EPOCHS
    x, y = make({size}, order)
"""
STREAMS = """\
state, length = None, (len(symbols) - 1) // {size}
streams = symbols[: {size} * length].view({size}, length)
following = symbols[1 : {size} * length + 1].view({size}, length)
pieces = list(zip(streams.split(LENGTH, 1), following.split(LENGTH, 1), strict=True))
for number, (x, y) in enumerate(pieces):
    if step == STEPS:
        return
    done = (epoch - 1 + number / len(pieces)) / EPOCHS
"""
PICKS = {
    "forecast": "part = windows[chosen.to(DEVICE)].unsqueeze(2)\nx, y = part[:, :-1], part[:, 1:]",
    "characters": "places = chosen.to(DEVICE)[:, None] * LENGTH + torch.arange(LENGTH, device=DEVICE)\nx, y = symbols[places], symbols[places + 1]",
    "digits": "x, y = sequences[chosen.to(DEVICE)], labels[chosen.to(DEVICE)]",
    "lines": "long = lengths[chosen]\nx, y = sequences[chosen.to(DEVICE), : int(long.max())], labels[chosen.to(DEVICE)]",
}
SAMPLES = {"forecast": "len(windows)", "characters": "(len(symbols) - 1) // LENGTH"}
LOSSES = {
    "forecast": "answers, _state = model.each(x)\nloss = F.mse_loss(answers, y)",
    "characters": "logits, {state} = model.each(x{given})\nloss = F.cross_entropy(logits.flatten(0, 1), y.flatten())",
    "digits": "logits = model.last(x)\nloss = F.cross_entropy(logits, y)\nright = (logits.argmax(1) == y).float().mean()",
    "lines": "logits = model.last(x, long)\nloss = F.cross_entropy(logits, y)\nright = (logits.argmax(1) == y).float().mean()",
    "adding": "loss = F.mse_loss(model.last(x)[:, 0], y)",
    "copy": "logits = model.each(x)[0][:, -ITEMS:]\nloss = F.cross_entropy(logits.flatten(0, 1), y.flatten())\nright = (logits.argmax(2) == y).float().mean()",
}


def streams(config: RNNRunConfig) -> bool:
    """Whether a text is read as streams, which are not shuffled."""
    return config.kind == "characters" and config.data.carry


def batches(config: RNNRunConfig, size: str) -> str:
    """The loop over the batches of an epoch; ``size``: what the batch size is called there."""
    which = reads(config)
    if which in ("adding", "copy"):
        return FRESH.format(size=size)
    if streams(config):
        return STREAMS.format(size=size)
    cut = size if size.isidentifier() else f" {size}"
    pick = indent(PICKS[which], "    ")
    text = SHUFFLED.format(samples=SAMPLES.get(which, "len(labels)"), size=cut, pick=pick)
    return text if size.isidentifier() else text.replace(f"left[{cut}:]", f"left[{size} :]")


def step_lines(config: RNNRunConfig, changed: set[str], setting: dict[str, str]) -> list[str]:
    """Rate, loss, way back, update and what is printed."""
    which, cell = reads(config), config.model.cell
    carried = streams(config)
    loss = LOSSES[which].format(
        state="state" if carried else "_state",
        given=", state" * carried,
    )
    if carried:
        loss += "\nstate = " + ("(state[0].detach(), state[1].detach())" if cell == "lstm" else "state.detach()")
    right = "  accuracy {right.item()!r}" * ("right =" in loss)
    return [
        *_rate(config, setting["lr"], "lr" in changed),
        *loss.split("\n"),
        "optimizer.zero_grad()",
        "loss.backward()",
        *_clip(config, setting["clip_norm"], "clip_norm" in changed),
        "optimizer.step()",
        "step += 1",
        'print(f"step {step}  epoch {epoch}  loss {loss.item()!r}' + right + '")',
        *(["change(now, model, optimizer, step)"] if changed else []),
    ]


def _rate(config: RNNRunConfig, rate: str, changed: bool) -> list[str]:
    if config.schedule.name == "constant" and not changed:
        return []
    factor = {"constant": "", "plateau": " * plateau.factor"}.get(config.schedule.name, " * factor(done)")
    return ["for group in optimizer.param_groups:", f'    group["lr"] = {rate}{factor}']


def _clip(config: RNNRunConfig, norm: str, changed: bool) -> list[str]:
    call = f"nn.utils.clip_grad_norm_(model.parameters(), {norm})"
    if changed:
        return [f"if {norm} > 0:", f"    {call}"]
    return [call] if config.clip_norm > 0 else []
