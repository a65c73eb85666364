"""The texts a standalone script is put together from: functions it may need, and its main loop."""

from __future__ import annotations

from textwrap import indent

from core.config import CNNRunConfig, ScheduleConfig
from core.datasets.scales import SCALES
from core.export.transforms_code import transformed_code
from core.training.schedules import FIRST

AUGMENT = '''\
def augment(images):
    """Shift each picture by up to a tenth of its side; what comes in is 0, the darkest.{flips}"""
    count, _channels, height, width = images.shape
    most = max(1, min(height, width) // 10)
    padded = F.pad(images, (most, most, most, most))
    down, right = torch.randint(0, 2 * most + 1, (2, count, 1), device=images.device)
    rows = down + torch.arange(height, device=images.device)
    columns = right + torch.arange(width, device=images.device)
    pictures = torch.arange(count, device=images.device)[:, None, None]
    images = padded.permute(0, 2, 3, 1)[pictures, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
{flip}'''

FLIP = """\
    turned = torch.rand(len(images), device=images.device) < 0.5
    return torch.where(turned[:, None, None, None], images.flip(3), images)
"""

HALF_COSINE = """\
def half_cosine(start, end, t):
    return end + (start - end) * (1 + math.cos(math.pi * t)) / 2
"""

PLATEAU = '''\
class Plateau:
    """Multiplies the learning rate by {factor} each time the loss has not fallen for more than {patience} epochs."""

    def __init__(self):
        self.factor, self.best, self.epochs = 1.0, math.inf, 0

    def see(self, loss):
        if loss < self.best * (1 - 1e-4):
            self.best, self.epochs = loss, 0
        else:
            self.epochs += 1
        if self.epochs > {patience}:
            self.factor, self.epochs = self.factor * {factor}, 0
'''

MSE = '''\
def squared_error(logits, labels, smoothing=0.0):
    """Mean of (probability - target)², the target one-hot or smoothed."""
    classes = logits.shape[1]
    target = {hot} * (1 - smoothing) + smoothing / classes
    return F.mse_loss(logits.softmax(1), target)
'''
SOFT = "(labels if labels.dim() == 2 else F.one_hot(labels, classes).float())"

EVALUATE = '''\
@torch.no_grad()
def evaluate(model, normalised, images, labels):
    """Mean loss and accuracy without dropout."""
    model.eval()
    losses, correct = [], 0
    for x, y in zip(images.split({size}), labels.split({size}), strict=True):
{logits}
        losses.append({loss} * len(y))
        correct += (logits.argmax(1) == y).sum().item()
    model.train()
    return torch.stack(losses).double().sum().item() / len(images), correct / len(images)
'''

CHANGE = '''\
def change(now, model, optimizer, step):
    """Make the changes that were made by hand after ``step``."""
    for name, value in EDITS.get(step, {{}}).items():
        if name in now:
            now[name] = value
{more}'''

CHANGE_DROPOUT = """\
        elif name == "dropout":
            for module in model.modules():
                if isinstance(module, nn.Dropout):
                    module.p = value
"""
CHANGE_OPTIMIZER = """\
        else:
            for group in optimizer.param_groups:
                group[name] = value
"""
CHANGE_BUFFERS = """\
        if name == "momentum" and value > 0:  # torch makes RMSprop's buffers at the first step only
            for parameter, state in optimizer.state.items():
                state.setdefault("momentum_buffer", torch.zeros_like(parameter))
"""
HELD = ("lr", "batch_size", "clip_norm", "label_smoothing")  # what the loop itself looks up


def functions(config: CNNRunConfig, changed: set[str]) -> list[str]:
    """The functions that main calls, in the order they are read."""
    made = []
    if config.data.augmentation != "none":
        flips = config.data.augmentation == "shift_flip"
        made.append(AUGMENT.format(flips=" Half are flipped." * flips, flip=FLIP if flips else "    return images\n"))
    if config.recipe.active:
        made.append(_transformed(config))
    made += schedule_code(config.schedule)
    if config.loss.name == "mse":
        made.append(MSE.format(hot=SOFT if config.recipe.batch != "none" else "F.one_hot(labels, classes).float()"))
    made.append(_evaluate(config))
    if changed:
        made.append(_change(config, changed))
    return made


def _transformed(config: CNNRunConfig) -> str:
    """The recipe works on values from 0 to 255; what is stored in others is brought there and back."""
    code, scale = transformed_code(config.device), SCALES.get(config.dataset, 255)
    if scale == 255:
        return code
    there = f"    images = (images.float() * (255 / {scale})).round().to(torch.uint8)  # from 0-{scale} to 0-255\n"
    first, _mark, rest = code.partition("    return ")
    return f"{first}{there}    images = {rest.rstrip()}\n    return images.float() * ({scale} / 255)\n"


def schedule_code(schedule: ScheduleConfig) -> list[str]:
    """The factor of the learning rate as a function of the share of the run that is done."""
    rise, name = schedule.warmup, schedule.name
    if name == "plateau":
        return [PLATEAU.format(factor=schedule.factor, patience=schedule.patience)]
    if name == "constant":
        return []
    fall = f"return half_cosine(1.0, {schedule.floor!r}, (t - {rise!r}) / (1 - {rise!r}))"
    straight = f"if t < {rise!r}:\n        return {FIRST!r} + (1 - {FIRST!r}) * t / {rise!r}"
    lines = {
        "warmup": f"{straight}\n    return 1.0",
        "step": f"return {schedule.factor!r} ** (math.floor(t * EPOCHS + 1e-9) // {schedule.step_epochs})",
        "linear": f"{straight}\n    return 1.0 + ({schedule.floor!r} - 1.0) * (t - {rise!r}) / (1 - {rise!r})",
        "cosine": f"{straight}\n    {fall}",
        "one_cycle": f"if t < {rise!r}:\n        return half_cosine({FIRST!r}, 1.0, t / {rise!r})\n    {fall}",
    }[name]
    words = {"warmup": "warm-up", "step": "steps", "linear": "linear", "cosine": "cosine", "one_cycle": "one cycle"}[
        name
    ]
    text = f'def factor(t):\n    """What the learning rate is multiplied by when a share t of the run is done: {words}."""\n'
    return [HALF_COSINE] * (name in ("cosine", "one_cycle")) + [f"{text}    {lines}\n"]


def _evaluate(config: CNNRunConfig) -> str:
    loss = "F.cross_entropy(logits, y)" if config.loss.name == "cross_entropy" else "squared_error(logits, y)"
    logits = indent(_logits(config, "normalised(x)"), " " * 8)
    return EVALUATE.format(size=128 if config.device == "cpu" else 2048, logits=logits, loss=loss)


def _logits(config: CNNRunConfig, pictures: str) -> str:
    if config.precision != "bfloat16":
        return f"logits = model({pictures})"
    return f"with torch.autocast(DEVICE, torch.bfloat16):\n    logits = model({pictures})\nlogits = logits.float()"


def _change(config: CNNRunConfig, changed: set[str]) -> str:
    more = CHANGE_DROPOUT if "dropout" in changed else ""
    if changed - {"dropout", *HELD}:
        more += CHANGE_OPTIMIZER
    if config.optimizer.name == "rmsprop" and "momentum" in changed:
        more += CHANGE_BUFFERS
    return CHANGE.format(more=more)


def main(config: CNNRunConfig, changed: set[str], optimizer: str, validated: bool) -> str:
    """The body of the script."""
    first = {"lr": "LEARNING_RATE", "batch_size": "BATCH_SIZE"}
    first |= {"clip_norm": repr(config.clip_norm), "label_smoothing": repr(config.loss.label_smoothing)}
    held = [name for name in HELD if name in changed]
    setting = {name: f'now["{name}"]' if name in changed else value for name, value in first.items()}
    lines = [
        "def main():",
        *_set_up(config, optimizer),
        *_start(held, first, bool(changed)),
        "    for epoch in range(1, EPOCHS + 1):",
        "        left = torch.randperm(len(images), generator=order)",
        "        while len(left) > 0:",
        "            if step == STEPS:",
        "                return",
        *(["            done = (epoch - 1 + (len(images) - len(left)) / len(images)) / EPOCHS"] * _by_share(config)),
        f"            batch, left = {_cut(setting['batch_size'])}",
        *_rate(config, setting["lr"], "lr" in changed),
        *_update(config, changed, setting),
        "            step += 1",
        f"            accuracy = (logits.argmax(1) == {'y.argmax(1)' if config.recipe.batch != 'none' else 'labels[batch]'}).sum().item() / len(batch)",
        '            print(f"step {step}  epoch {epoch}  loss {loss.item()!r}  accuracy {accuracy!r}")',
        *(["            change(now, model, optimizer, step)"] if changed else []),
        *_epoch_end(config, validated),
    ]
    return "\n".join(lines)


def _cut(size: str) -> str:
    """The first ``size`` positions and the rest, spaced as ruff does for a name and for anything longer."""
    return f"left[:{size}], left[{size}:]" if size.isidentifier() else f"left[: {size}], left[{size} :]"


def _by_share(config: CNNRunConfig) -> bool:
    return config.schedule.name not in ("constant", "plateau")


def _set_up(config: CNNRunConfig, optimizer: str) -> list[str]:
    tf32 = config.precision != "float32"
    exact = [
        f"    torch.backends.cuda.matmul.allow_tf32 = {tf32}",
        f"    torch.backends.cudnn.allow_tf32 = {tf32}",
    ]
    ema = f"    averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn({config.ema_decay!r}))"
    judged = "averaged.module if step else model" if config.ema_decay else "model"
    return [
        "    torch.set_num_threads(THREADS)",
        "    torch.manual_seed(SEED)",
        *(exact if config.device == "cuda" else []),
        "    images, labels, validation_images, validation_labels, mean, std = (part.to(DEVICE) for part in load_data())",
        "    model = build_model().to(DEVICE, memory_format=torch.channels_last)  # quicker convolutions",
        f"    optimizer = {optimizer}",
        *([ema] if config.ema_decay else []),
        *(["    plateau = Plateau()"] if config.schedule.name == "plateau" else []),
        "    order = torch.Generator().manual_seed(SEED)",
        "",
        "    def normalised(pictures):",
        "        return ((pictures.float() - mean) / std).contiguous(memory_format=torch.channels_last)",
        "",
        "    def validate(step, epoch):",
        f"        loss, accuracy = evaluate({judged}, normalised, validation_images, validation_labels)",
        '        print(f"validation  step {step}  epoch {epoch}  loss {loss!r}  accuracy {accuracy!r}")',
        *(["        return loss"] if config.schedule.name == "plateau" else []),
        "",
    ]


def _start(held: list[str], first: dict[str, str], changes: bool) -> list[str]:
    now = "{" + ", ".join(f'"{name}": {first[name]}' for name in held) + "}"
    begun = ["    step = 0", "    validate(step, 0)"]
    return [*begun, f"    now = {now}", "    change(now, model, optimizer, step)"] if changes else begun


def _rate(config: CNNRunConfig, rate: str, changed: bool) -> list[str]:
    if config.schedule.name == "constant" and not changed:
        return []
    if config.schedule.name == "plateau":
        rate = f"{rate} * plateau.factor"
    elif config.schedule.name != "constant":
        rate = f"{rate} * factor(done)"
    return ["            for group in optimizer.param_groups:", f'                group["lr"] = {rate}']


def _update(config: CNNRunConfig, changed: set[str], setting: dict[str, str]) -> list[str]:
    images = "augment(images[batch])" if config.data.augmentation != "none" else "images[batch]"
    images = f"normalised(transformed({images}))" if config.recipe.active else f"normalised({images})"
    labels, mixed = "labels[batch]", config.recipe.batch != "none"
    mix = [f"x, y = MIX({images}, labels[batch])"] if mixed else []
    if mixed:
        images, labels = "x.contiguous(memory_format=torch.channels_last)", "y"
    smooth = config.loss.label_smoothing > 0 or "label_smoothing" in changed
    smoothing = f", label_smoothing={setting['label_smoothing']}" if smooth else ""
    loss = f"F.cross_entropy(logits, {labels}{smoothing})"
    if config.loss.name == "mse":
        loss = f"squared_error(logits, {labels}{', ' + setting['label_smoothing'] if smooth else ''})"
    lines = [
        *mix,
        *_logits(config, images).splitlines(),
        f"loss = {loss}",
        "optimizer.zero_grad()",
        "loss.backward()",
        *_clip(config, changed, setting["clip_norm"]),
        "optimizer.step()",
        *(["averaged.update_parameters(model)"] if config.ema_decay else []),
    ]
    return [" " * 12 + line for line in lines]


def _clip(config: CNNRunConfig, changed: set[str], norm: str) -> list[str]:
    call = f"nn.utils.clip_grad_norm_(model.parameters(), {norm})"
    if "clip_norm" in changed:
        return [f"if {norm} > 0:", f"    {call}"]
    return [call] if config.clip_norm > 0 else []


def _epoch_end(config: CNNRunConfig, validated: bool) -> list[str]:
    call = "plateau.see(validate(step, epoch))" if config.schedule.name == "plateau" else "validate(step, epoch)"
    if validated:
        return [f"        {call}"]
    # the run ended in the last step of an epoch, before it was validated
    return ["        if step < STEPS:  # the run ended at step STEPS, before another validation", f"            {call}"]
