"""The network of a standalone script of the RNN page, and how it is evaluated: plain text."""

from __future__ import annotations

from textwrap import indent

from core.config.rnn import RNNRunConfig

PIECES = '''\
    def states(self, x, state=None):
        """Hidden states after every step; gradients go back {bptt} steps at most (truncated BPTT)."""
        vectors, parts = {vectors}, []
        if {bptt} >= vectors.shape[1] or not self.training:
            return self.rnn(vectors, state)
        first = vectors.shape[1] % {bptt}
        for piece in (vectors[:, :first], *vectors[:, first:].split({bptt}, 1)):
            if piece.shape[1]:
                state = {detach}
                part, state = self.rnn(piece, state)
                parts.append(part)
        return torch.cat(parts, 1), state

'''
STATES = '''\
    def states(self, x, state=None):
        """Hidden states after every step, and what goes on from the last one."""
        return self.rnn({vectors}, state)

'''
EACH = '''\
    def each(self, x, state=None):
        """An answer after every step."""
        states, state = self.states(x, state)
        return self.head(self.dropout(states)), state

'''
LAST = '''\
    def last(self, x):
        """The answer at the end."""
        states, _state = self.states(x)
        return self.head(self.dropout(states[:, -1]))

'''
LAST_OF_LINES = '''\
    def last(self, x, lengths):
        """The answer at the end of each line."""
        states, _state = self.states(x)
        ends = states[torch.arange(len(states), device=DEVICE), lengths.to(DEVICE) - 1]
        return self.head(self.dropout(ends))

'''
BOTH_ENDS = '''\
    def last(self, x{lengths}):
        """The answer when each direction has read everything."""
        vectors = {vectors}
        _states, state = self.rnn(vectors)
        hidden = {hidden}
        return self.head(self.dropout(torch.cat([hidden[-2], hidden[-1]], 1)))

'''
PACKED = "pack_padded_sequence(self.embedding(x), lengths, batch_first=True, enforce_sorted=False)"
FORGET = """\
        with torch.no_grad():
            for name, bias in self.rnn.named_parameters():
                if name.startswith("bias_ih"):  # gates: input, forget, cell, output
                    bias[{hidden}:{twice}] += {value!r}  # remember from the start
"""
EVALUATE = {
    "forecast": '''\
def evaluate(model, levels, known, split, mean, std):
    """Squared error, and the absolute error as a multiple of the mean change from one value to the next."""
    held = round(0.2 * len(levels))
{predicted}
    loss = F.mse_loss(predicted.double(), known[split:].double()).item()
    values = predicted.double().cpu() * std + mean
{levels}
    error = (values - levels[-held:]).abs().mean().item()
    before = levels[:-held].tolist()
    scale = sum([abs(b - a) for a, b in zip(before, before[1:])]) / (len(before) - 1)
    return {{"loss": loss, "mase": error / scale}}
''',
    "characters": '''\
def evaluate(model, symbols):
    """Mean -log probability of each character in nats, and in bits."""
    length = min({length}, len(symbols) - 1)
    rows = max(1, (len(symbols) - 1) // {length})
    inputs, targets = symbols[: rows * length].view(rows, length), symbols[1 : rows * length + 1].view(rows, length)
    total = 0.0
    for x, y in zip(inputs.split(128), targets.split(128), strict=True):
        logits, _state = model.each(x)
        total += F.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum").item()
    loss = total / (rows * length)
    return {{"loss": loss, "bits_per_character": loss / math.log(2)}}
''',
    "digits": '''\
def evaluate(model, sequences, labels):
    """Mean cross-entropy and share of right answers."""
    logits = torch.cat([model.last(x) for x in sequences.split(256)])
    loss = F.cross_entropy(logits.double(), labels).item()
    return {{"loss": loss, "accuracy": (logits.argmax(1) == labels).sum().item() / len(labels)}}
''',
    "lines": '''\
def evaluate(model, symbols, labels, lengths):
    """Mean cross-entropy and share of right answers."""
    parts = []
    for x, long in zip(symbols.split(256), lengths.split(256), strict=True):
        parts.append(model.last(x[:, : int(long.max())], long))
    logits = torch.cat(parts)
    loss = F.cross_entropy(logits.double(), labels).item()
    return {{"loss": loss, "accuracy": (logits.argmax(1) == labels).sum().item() / len(labels)}}
''',
    "adding": '''\
def evaluate(model, sequences, sums):
    """Mean squared error."""
    answers = torch.cat([model.last(x)[:, 0] for x in sequences.split(256)])
    return {{"loss": F.mse_loss(answers.double(), sums.double()).item()}}
''',
    "copy": '''\
def evaluate(model, sequences, symbols):
    """Mean cross-entropy and share of right symbols."""
    logits = torch.cat([model.each(x)[0][:, -ITEMS:] for x in sequences.split(256)])
    loss = F.cross_entropy(logits.flatten(0, 1).double(), symbols.flatten()).item()
    return {{"loss": loss, "accuracy": (logits.argmax(2) == symbols).double().mean().item()}}
''',
}
STREAM = """\
answers, _state = model.each(known[None, :-1, None])  # the state is carried from the beginning of the series
predicted = answers[0, split - 1 :, 0]"""
WINDOWS = """\
windows = known[split - LENGTH : -1].unfold(0, LENGTH, 1).unsqueeze(2)
predicted = torch.cat([model.last(part)[:, 0] for part in windows.split(1024)])"""


def reads(config: RNNRunConfig) -> str:
    """What the network is asked like: by data set, or by kind where that says enough."""
    if config.kind in ("forecast", "characters"):
        return config.kind
    return "digits" if config.dataset in ("rows", "pixels") else config.dataset


def network_code(config: RNNRunConfig, changed: set[str]) -> str:
    """The class Network: its layers in the order in which LiveTorch draws their weights."""
    model, which = config.model, reads(config)
    symbols = which in ("characters", "lines")
    vectors = "self.embedding(x)" if symbols else "x"
    inputs = {"forecast": "1", "digits": "FEATURES", "adding": "2", "copy": "10"}.get(which, str(model.embedding))
    outputs = {"forecast": "1", "digits": "10", "adding": "1", "copy": "8", "characters": "symbols"}.get(
        which, "classes"
    )
    given = {"characters": ", symbols", "lines": ", symbols, classes"}.get(which, "")
    kind = {"gru": "GRU", "lstm": "LSTM"}.get(model.cell, "RNN")
    more = f', nonlinearity="{model.cell.removeprefix("rnn_")}"' * (kind == "RNN")
    more += f", dropout={model.dropout!r}" * (model.layers > 1 and model.dropout > 0)
    more += ", bidirectional=True" * model.bidirectional
    width = model.hidden * (2 if model.bidirectional else 1)
    forget = FORGET.format(hidden=model.hidden, twice=2 * model.hidden, value=model.forget_bias)
    head = "class Network(nn.Module):\n" + f"    def __init__(self{given}):\n        super().__init__()\n"
    head += f"        self.embedding = nn.Embedding(symbols, {model.embedding})\n" * symbols
    head += f"        self.rnn = nn.{kind}({inputs}, {model.hidden}, {model.layers}, batch_first=True{more})\n"
    head += forget * (model.cell == "lstm" and model.forget_bias != 0)
    head += f"        self.dropout = nn.Dropout({model.dropout!r})\n"
    head += f"        self.head = nn.Linear({width}, {outputs})\n\n"
    return (head + _methods(config, which, vectors)).rstrip("\n")


def _methods(config: RNNRunConfig, which: str, vectors: str) -> str:
    if config.model.bidirectional:
        hidden = "state[0]" if config.model.cell == "lstm" else "state"
        lengths, given = (", lengths", PACKED) if which == "lines" else ("", vectors)
        return BOTH_ENDS.format(lengths=lengths, vectors=given, hidden=f"{hidden}  # (layers x 2, B, H)")
    states = STATES.format(vectors=vectors)
    if config.data.bptt:
        lstm = "(state[0].detach(), state[1].detach())" if config.model.cell == "lstm" else "state.detach()"
        states = PIECES.format(bptt=config.data.bptt, vectors=vectors, detach=f"{lstm} if state is not None else None")
    each = EACH if which in ("forecast", "characters", "copy") else ""
    ends = which in ("digits", "adding") or (which == "forecast" and not config.data.carry)
    return states + each + LAST * ends + LAST_OF_LINES * (which == "lines")


def evaluate_code(config: RNNRunConfig) -> str:
    """The function evaluate: metrics on the validation part."""
    if config.kind == "forecast":
        said = indent(STREAM if config.data.carry else WINDOWS, "    ")
        levels = "    values = levels[-held - 1 : -1] + values" if config.data.difference else ""
        return EVALUATE["forecast"].format(predicted=said, levels=levels).replace("\n\n    error", "\n    error")
    length = "500" if config.data.carry else "LENGTH"
    return EVALUATE[reads(config)].format(length=length)
