"""What the backward functions of PyTorch compute: a formula and a sentence for each of the common ones.

The key is the function's name without ``Backward0``. In the formulas y is the output of the forward pass, x its input
and g = dL/dy what arrives; ``*`` is taken element by element, ``@`` is a matrix product. PyTorch keeps the formulas
themselves in tools/autograd/derivatives.yaml.
"""

from __future__ import annotations

from pages.shared.language import _
from pages.shared.words.inspect_autograd_layers import layer_words

PASSES = "dL/dx = g"


def function_words() -> dict[str, list[str]]:
    """Name -> [formula, what it does]."""
    return layer_words() | _activations() | _losses() | _arithmetic() | _shapes()


def _activations() -> dict[str, list[str]]:
    gate = _(
        "The gradient passes where the input was positive and stops elsewhere: a unit that is never positive learns nothing."
    )
    over = _("The gradient passes where the input was above the threshold and stops elsewhere.")
    flat = _("The slope is small where the unit is saturated, so little gradient passes there.")
    return {
        "Relu": ["dL/dx = g where y > 0, else 0", gate],
        "Threshold": ["dL/dx = g where x is above the threshold, else 0", over],
        "LeakyRelu": [
            "dL/dx = g where x > 0, else slope · g",
            _("A little of the gradient passes where the input was negative."),
        ],
        "Elu": ["dL/dx = g where x > 0, else g * α eˣ", _("The gradient fades where the input was very negative.")],
        "Silu": ["dL/dx = g * σ(x) * (1 + x * (1 − σ(x)))", _("x σ(x), a smooth relative of ReLU.")],
        "Gelu": ["dL/dx = g * (Φ(x) + x φ(x))", _("x Φ(x) with the normal distribution Φ, a smooth relative of ReLU.")],
        "Tanh": ["dL/dx = g * (1 − y²)", flat],
        "Sigmoid": ["dL/dx = g * y * (1 − y)", flat],
        "Hardtanh": ["dL/dx = g where low < x < high, else 0", _("What was cut off gets no gradient.")],
        "Hardsigmoid": ["dL/dx = g / 6 where −3 < x < 3, else 0", _("A sigmoid made of straight lines.")],
        "Hardswish": [
            "dL/dx = g * (x / 3 + 1/2) where −3 < x < 3; g above, 0 below",
            _("x times a sigmoid made of straight lines."),
        ],
        "Softplus": ["dL/dx = g * σ(x)", _("log(1 + eˣ): its slope is the sigmoid.")],
        "LogSigmoid": ["dL/dx = g * (1 − σ(x))", _("The logarithm of the sigmoid.")],
        "Softmax": ["dL/dx = y * (g − Σ g * y)", _("Probabilities sum to one, so what raises one lowers the others.")],
        "LogSoftmax": [
            "dL/dx = g − softmax(x) · Σ g",
            _("With the NLL loss that follows it, this is probability minus truth for every class."),
        ],
        "Clamp": ["dL/dx = g where low < x < high, else 0", _("What was cut off gets no gradient.")],
        "MaskedFill": ["dL/dx = g where nothing was filled in, else 0", _("What was overwritten gets no gradient.")],
        "ClampMin": ["dL/dx = g where x > low, else 0", _("What was cut off gets no gradient.")],
    }


def _losses() -> dict[str, list[str]]:
    truth = _("Only the log probability of the true class has a gradient; it is pushed up.")
    return {
        "NllLoss": ["L = −log p[true];  dL/d(log p)[true] = −1 / N, else 0", truth],
        "NllLossNd": ["L = −log p[true];  dL/d(log p)[true] = −1 / N, else 0", truth],
        "NllLoss2D": ["L = −log p[true];  dL/d(log p)[true] = −1 / N, else 0", truth],
        "MseLoss": ["L = Σ (y − t)² / N;  dL/dy = 2 (y − t) / N", _("The error itself, as large as it is.")],
        "L1Loss": ["L = Σ |y − t| / N;  dL/dy = sign(y − t) / N", _("Only the sign of the error counts.")],
        "SmoothL1Loss": [
            "dL/dy = (y − t) / β / N where |y − t| < β, else sign(y − t) / N",
            _("Large errors count by their sign alone."),
        ],
        "HuberLoss": [
            "dL/dy = (y − t) / N where |y − t| < δ, else δ sign(y − t) / N",
            _("Large errors count by their sign alone."),
        ],
        "BinaryCrossEntropyWithLogits": ["dL/dx = (σ(x) − t) / N", _("Probability minus truth.")],
        "BinaryCrossEntropy": ["dL/dp = (p − t) / (p (1 − p)) / N", _("Steep where a sure answer is wrong.")],
    }


def _arithmetic() -> dict[str, list[str]]:
    both = _("Both summands get the same gradient; where one was repeated to fit, its gradient is summed up again.")
    second = _(
        "The second one gets the gradient with the opposite sign; where one was repeated to fit, its gradient is summed up again."
    )
    return {
        "Add": ["y = a + b;  dL/da = g;  dL/db = g", both],
        "Sub": ["y = a − b;  dL/da = g;  dL/db = −g", second],
        "Rsub": ["y = c − x;  dL/dx = −g", _("The sign changes.")],
        "Mul": [
            "y = a * b;  dL/da = g * b;  dL/db = g * a",
            _("Each factor gets the gradient times the other one: a gate at zero lets none through."),
        ],
        "Div": ["y = a / b;  dL/da = g / b;  dL/db = −g * a / b²", _("A quotient.")],
        "Neg": ["y = −x;  dL/dx = −g", _("The sign changes.")],
        "Pow": ["y = xⁿ;  dL/dx = g * n xⁿ⁻¹", _("A power.")],
        "Abs": ["dL/dx = g * sign(x)", _("The gradient, turned round where the input was negative.")],
        "Sqrt": ["dL/dx = g / (2 y)", _("A square root.")],
        "Exp": ["dL/dx = g * y", _("The exponential is its own slope.")],
        "Log": ["dL/dx = g / x", _("Steep where the input is small.")],
        "Lerp": ["y = a + w (b − a);  dL/da = g (1 − w);  dL/db = g w", _("A weighted mean of two.")],
        "Sum": ["dL/dx[i] = g  for every i", _("Every summand gets the whole gradient.")],
        "Mean": ["dL/dx[i] = g / n  for every i", _("The gradient is shared equally.")],
        "LinalgVectorNorm": ["dL/dx = g * x / |x|", _("The length of a vector.")],
        "Norm": ["dL/dx = g * x / |x|", _("The length of a vector.")],
    }


def _shapes() -> dict[str, list[str]]:
    reshaped = _("Only the shape changes; the gradient is put back into the old one.")
    picked = _("Only what was picked gets a gradient; everywhere else it is zero.")
    joined = _("The gradient is cut into the parts that were joined.")
    parted = _("The gradients of the parts are joined again.")
    return {
        "View": ["dL/dx = reshape(g)", reshaped],
        "UnsafeView": ["dL/dx = reshape(g)", reshaped],
        "ReshapeAlias": ["dL/dx = reshape(g)", reshaped],
        "AsStrided": ["dL/dx = g at the places that were read", reshaped],
        "Squeeze": ["dL/dx = reshape(g)", reshaped],
        "Unsqueeze": ["dL/dx = reshape(g)", reshaped],
        "T": [
            "y = xᵀ;  dL/dx = gᵀ",
            _("A matrix on its side: PyTorch keeps the weights of a linear layer as outputs × inputs."),
        ],
        "Transpose": ["dL/dx = g with the same two dimensions exchanged", reshaped],
        "Permute": ["dL/dx = g with its dimensions put back in order", reshaped],
        "Clone": [PASSES, _("A copy; the gradient passes unchanged.")],
        "Alias": [PASSES, _("The same tensor under another name; the gradient passes unchanged.")],
        "ToCopy": [PASSES, _("Another number format; the gradient is converted back.")],
        "Expand": [
            "dL/dx = Σ g  over the repetitions",
            _("What was repeated collects the gradients of all its copies."),
        ],
        "Repeat": [
            "dL/dx = Σ g  over the repetitions",
            _("What was repeated collects the gradients of all its copies."),
        ],
        "Select": ["dL/dx[i] = g, else 0", picked],
        "Slice": ["dL/dx[a:b] = g, else 0", picked],
        "Index": ["dL/dx[i] = Σ g  over the places where i was read, else 0", picked],
        "Gather": ["dL/dx[i] = Σ g  over the places where i was read, else 0", picked],
        "IndexSelect": ["dL/dx[i] = Σ g  over the places where i was read, else 0", picked],
        "Cat": ["dL/dxₖ = the k-th part of g", joined],
        "Stack": ["dL/dxₖ = g[k]", joined],
        "Unbind": ["dL/dx = stack(g₁, g₂, …)", parted],
        "Split": ["dL/dx = cat(g₁, g₂, …)", parted],
        "SplitWithSizes": ["dL/dx = cat(g₁, g₂, …)", parted],
        "UnsafeSplit": ["dL/dx = cat(g₁, g₂, …)", parted],
        "Chunk": ["dL/dx = cat(g₁, g₂, …)", parted],
    }
