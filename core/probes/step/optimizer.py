"""What each optimiser of torch.optim does to one weight, line by line, in float64 from the numbers the run has.

A line is a formula with its numbers in place. torch works in float32 and may round the last digit otherwise; what is
shown as the new weight is therefore torch's, and these lines say how it comes about. The formulas are those of torch's
documentation, for the constants that the app offers (dampening 0, maximize off, not centered, lr_decay 0).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Line:
    """``symbol`` <- ``formula``; ``filled`` is the formula with numbers, ``word`` says which word explains it."""

    symbol: str
    formula: str
    filled: str
    value: float
    word: str
    state: str = ""  # name of torch's own tensor that then holds it

    def said(self, before: Numbers, after: Numbers | None) -> dict[str, Any]:
        """JSON-ready, with what torch's tensor held before and holds after the step."""
        kept = {"before": before.get(self.state, 0.0), "after": None if after is None else after.get(self.state)}
        return {
            "symbol": self.symbol,
            "formula": self.formula,
            "filled": self.filled,
            "value": self.value,
            "word": self.word,
            "state": self.state,
        } | (kept if self.state else {})


class Sum:
    """The lines of one step of one weight, written down one after the other."""

    def __init__(self, weight: float, gradient: float, state: Numbers, group: Mapping[str, Any]) -> None:
        self.w, self.g, self.state, self.group = weight, gradient, state, group
        self.lines: list[Line] = []
        self.rate = float(group["lr"])
        self.t = round(state.get("step", 0.0)) + 1

    def add(self, symbol: str, formula: str, filled: str, value: float, word: str, state: str = "") -> float:
        """Write a line; returns ``value``."""
        self.lines.append(Line(symbol, formula, filled, value, word, state))
        return value

    def decayed(self) -> float:
        """The gradient with the pull of weight decay in it, where there is any."""
        decay = float(self.group["weight_decay"])
        if decay:
            self.g = self.add(
                "g", "g + λ·w", f"{n(self.g)} + {n(decay)} × {n(self.w)}", self.g + decay * self.w, "decay"
            )
        return self.g

    def mean(self, symbol: str, share: str, keep: float, name: str, word: str, square: bool = False) -> float:
        """A running mean of the gradient or of its square."""
        g, old = self.g, self.state.get(name, 0.0)
        power, value = ("g²", g * g) if square else ("g", g)
        return self.add(
            symbol,
            f"{share}·{symbol} + (1 − {share})·{power}",
            f"{n(keep)} × {n(old)} + {n(1 - keep)} × {n(g)}{'²' if square else ''}",
            keep * old + (1 - keep) * value,
            word,
            name,
        )

    def moved(self, formula: str, filled: str, update: float) -> float:
        """The last line: the new weight."""
        return self.add("w", f"w − {formula}", f"{n(self.w)} − {filled}", self.w - update, "weight")


def _sgd(s: Sum) -> None:
    """v <- μ v + g; w <- w - lr v; Nesterov: w <- w - lr (g + μ v) (Sutskever et al., 2013, as torch writes it)."""
    momentum, g = float(s.group["momentum"]), s.decayed()
    if not momentum:
        s.moved("lr·g", f"{n(s.rate)} × {n(g)}", s.rate * g)
        return
    old = s.state.get("momentum_buffer", 0.0)
    v = s.add("v", "μ·v + g", f"{n(momentum)} × {n(old)} + {n(g)}", momentum * old + g, "velocity", "momentum_buffer")
    if s.group.get("nesterov"):
        v = s.add("d", "g + μ·v", f"{n(g)} + {n(momentum)} × {n(v)}", g + momentum * v, "nesterov")
        s.moved("lr·d", f"{n(s.rate)} × {n(v)}", s.rate * v)
        return
    s.moved("lr·v", f"{n(s.rate)} × {n(v)}", s.rate * v)


def _moments(s: Sum) -> tuple[float, float, float, float]:
    """m, v and the two factors that undo their start at zero."""
    beta1, beta2 = map(float, s.group["betas"])
    m = s.mean("m", "β₁", beta1, "exp_avg", "mean")
    v = s.mean("v", "β₂", beta2, "exp_avg_sq", "square", square=True)
    return m, v, 1 - beta1**s.t, 1 - beta2**s.t


def _corrected(s: Sum) -> tuple[float, float]:
    beta1, beta2 = map(float, s.group["betas"])
    m, v, one, two = _moments(s)
    m = s.add("m̂", "m / (1 − β₁ᵗ)", f"{n(m)} / (1 − {n(beta1)}^{s.t})", m / one, "corrected")
    v = s.add("v̂", "v / (1 − β₂ᵗ)", f"{n(v)} / (1 − {n(beta2)}^{s.t})", v / two, "corrected")
    return m, v


def _adam(s: Sum) -> None:
    """w <- w - lr m̂ / (sqrt(v̂) + ε) (Kingma and Ba, 2015)."""
    s.decayed()
    _adam_rest(s)


def _adamw(s: Sum) -> None:
    """The decay acts on the weight itself (Loshchilov and Hutter, 2019)."""
    decay = float(s.group["weight_decay"])
    if decay:
        value = s.w * (1 - s.rate * decay)
        s.w = s.add("w", "w·(1 − lr·λ)", f"{n(s.w)} × (1 − {n(s.rate)} × {n(decay)})", value, "decoupled")
    _adam_rest(s)


def _adam_rest(s: Sum) -> None:
    eps = float(s.group["eps"])
    m, v = _corrected(s)
    filled = f"{n(s.rate)} × {n(m)} / (√{n(v)} + {n(eps)})"
    s.moved("lr·m̂ / (√v̂ + ε)", filled, s.rate * m / (math.sqrt(v) + eps))


def _nadam(s: Sum) -> None:
    """Adam with Nesterov's look ahead (Dozat, 2016); torch lets β₁ warm up as μₜ."""
    beta1, beta2 = map(float, s.group["betas"])
    eps, slow = float(s.group["eps"]), float(s.group["momentum_decay"])
    s.decayed()
    now, after = (beta1 * (1 - 0.5 * 0.96 ** (t * slow)) for t in (s.t, s.t + 1))
    s.add("μₜ", "β₁·(1 − ½·0.96^(ψ·t))", f"{n(beta1)} × (1 − 0.5 × 0.96^({n(slow)} × {s.t}))", now, "warmed")
    s.add(
        "μₜ₊₁", "β₁·(1 − ½·0.96^(ψ·(t + 1)))", f"{n(beta1)} × (1 − 0.5 × 0.96^({n(slow)} × {s.t + 1}))", after, "warmed"
    )
    old = s.state.get("mu_product", 1.0)
    product = s.add("Πμ", "Πμ·μₜ", f"{n(old)} × {n(now)}", old * now, "product", "mu_product")
    m, v, _one, two = _moments(s)
    v = s.add("v̂", "v / (1 − β₂ᵗ)", f"{n(v)} / (1 − {n(beta2)}^{s.t})", v / two, "corrected")
    ahead = after * m / (1 - product * after) + (1 - now) * s.g / (1 - product)
    m = s.add(
        "m̂",
        "μₜ₊₁·m / (1 − Πμ·μₜ₊₁) + (1 − μₜ)·g / (1 − Πμ)",
        f"{n(after)} × {n(m)} / (1 − {n(product)} × {n(after)}) + (1 − {n(now)}) × {n(s.g)} / (1 − {n(product)})",
        ahead,
        "ahead",
    )
    filled = f"{n(s.rate)} × {n(m)} / (√{n(v)} + {n(eps)})"
    s.moved("lr·m̂ / (√v̂ + ε)", filled, s.rate * m / (math.sqrt(v) + eps))


def _radam(s: Sum) -> None:
    """Adam that waits with dividing until the mean square is worth it: ρₜ > 5 (Liu et al., 2020)."""
    beta1, beta2 = map(float, s.group["betas"])
    eps = float(s.group["eps"])
    s.decayed()
    m, v, one, two = _moments(s)
    m = s.add("m̂", "m / (1 − β₁ᵗ)", f"{n(m)} / (1 − {n(beta1)}^{s.t})", m / one, "corrected")
    most = s.add("ρ∞", "2 / (1 − β₂) − 1", f"2 / (1 − {n(beta2)}) − 1", 2 / (1 - beta2) - 1, "longest")
    power = beta2**s.t
    length = s.add(
        "ρₜ",
        "ρ∞ − 2·t·β₂ᵗ / (1 − β₂ᵗ)",
        f"{n(most)} − 2 × {s.t} × {n(power)} / (1 − {n(power)})",
        most - 2 * s.t * power / two,
        "length",
    )
    if length <= 5:
        s.moved("lr·m̂", f"{n(s.rate)} × {n(m)}", s.rate * m)
        return
    share = math.sqrt((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length))
    s.add(
        "r",
        "√( (ρₜ − 4)(ρₜ − 2)·ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)·ρₜ) )",
        f"√(({n(length)} − 4)({n(length)} − 2) × {n(most)} / (({n(most)} − 4)({n(most)} − 2) × {n(length)}))",
        share,
        "rectified",
    )
    scale = math.sqrt(two) / (math.sqrt(v) + eps)
    s.add("l", "√(1 − β₂ᵗ) / (√v + ε)", f"√(1 − {n(power)}) / (√{n(v)} + {n(eps)})", scale, "scale")
    s.moved("lr·m̂·r·l", f"{n(s.rate)} × {n(m)} × {n(share)} × {n(scale)}", s.rate * m * share * scale)


def _adamax(s: Sum) -> None:
    """Divides by the largest recent gradient (Kingma and Ba, 2015, section 7.1)."""
    beta1, beta2 = map(float, s.group["betas"])
    eps = float(s.group["eps"])
    s.decayed()
    m = s.mean("m", "β₁", beta1, "exp_avg", "mean")
    old = s.state.get("exp_inf", 0.0)
    u = s.add(
        "u",
        "max(β₂·u, |g| + ε)",
        f"max({n(beta2)} × {n(old)}, |{n(s.g)}| + {n(eps)})",
        max(beta2 * old, abs(s.g) + eps),
        "largest",
        "exp_inf",
    )
    filled = f"{n(s.rate)} / (1 − {n(beta1)}^{s.t}) × {n(m)} / {n(u)}"
    s.moved("lr / (1 − β₁ᵗ)·m / u", filled, s.rate / (1 - beta1**s.t) * m / u)


def _rmsprop(s: Sum) -> None:
    """Divides by the root of a running mean of squares (Hinton, 2012)."""
    alpha, momentum, eps = (float(s.group[name]) for name in ("alpha", "momentum", "eps"))
    g = s.decayed()
    square = s.mean("s", "α", alpha, "square_avg", "square", square=True)
    scaled = g / (math.sqrt(square) + eps)
    if not momentum:
        s.moved("lr·g / (√s + ε)", f"{n(s.rate)} × {n(g)} / (√{n(square)} + {n(eps)})", s.rate * scaled)
        return
    old = s.state.get("momentum_buffer", 0.0)
    b = s.add(
        "b",
        "μ·b + g / (√s + ε)",
        f"{n(momentum)} × {n(old)} + {n(g)} / (√{n(square)} + {n(eps)})",
        momentum * old + scaled,
        "velocity",
        "momentum_buffer",
    )
    s.moved("lr·b", f"{n(s.rate)} × {n(b)}", s.rate * b)


def _adagrad(s: Sum) -> None:
    """Divides by the root of the sum of all squares so far (Duchi et al., 2011)."""
    eps = float(s.group["eps"])
    g, old = s.decayed(), s.state.get("sum", 0.0)
    total = s.add("s", "s + g²", f"{n(old)} + {n(g)}²", old + g * g, "sum", "sum")
    filled = f"{n(s.rate)} × {n(g)} / (√{n(total)} + {n(eps)})"
    s.moved("lr·g / (√s + ε)", filled, s.rate * g / (math.sqrt(total) + eps))


def _adadelta(s: Sum) -> None:
    """The size of past updates takes the place of a rate (Zeiler, 2012)."""
    rho, eps = float(s.group["rho"]), float(s.group["eps"])
    g = s.decayed()
    square = s.mean("s", "ρ", rho, "square_avg", "square", square=True)
    old = s.state.get("acc_delta", 0.0)
    move = s.add(
        "d",
        "√(u + ε) / √(s + ε)·g",
        f"√({n(old)} + {n(eps)}) / √({n(square)} + {n(eps)}) × {n(g)}",
        math.sqrt(old + eps) / math.sqrt(square + eps) * g,
        "scaled",
    )
    s.add(
        "u",
        "ρ·u + (1 − ρ)·d²",
        f"{n(rho)} × {n(old)} + {n(1 - rho)} × {n(move)}²",
        rho * old + (1 - rho) * move * move,
        "moved",
        "acc_delta",
    )
    s.moved("lr·d", f"{n(s.rate)} × {n(move)}", s.rate * move)


FORMULAS: dict[str, Callable[[Sum], None]] = {
    "sgd": _sgd,
    "adam": _adam,
    "adamw": _adamw,
    "nadam": _nadam,
    "radam": _radam,
    "adamax": _adamax,
    "rmsprop": _rmsprop,
    "adagrad": _adagrad,
    "adadelta": _adadelta,
}


def lines(name: str, weight: float, gradient: float, state: Numbers, group: Mapping[str, Any]) -> list[Line]:
    """How optimiser ``name`` moves one weight; the last line is the new weight.

    ``gradient``: as the optimiser is given it; ``state``: this weight's numbers in torch's tensors before the step, by
    torch's names; ``group``: the parameter group with its constants. Numbers that float64 cannot hold become infinite.
    """
    made = Sum(weight, gradient, state, group)
    try:
        FORMULAS[name](made)
    except (OverflowError, ZeroDivisionError, ValueError):  # of a run that has diverged
        made.add("w", "w", n(weight), math.nan, "weight")
    return made.lines


def n(value: float) -> str:
    """A number in a formula: six significant digits, a true minus sign, in brackets where it is negative."""
    text = f"{value:.6g}".replace("e-0", "e-").replace("e-", "e−")
    return f"(−{text[1:]})" if text.startswith("-") else text
