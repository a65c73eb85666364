"""What the backward functions of layers compute; see inspect_autograd_functions.py for the notation."""

from __future__ import annotations

from pages.shared.language import _


def layer_words() -> dict[str, list[str]]:
    """Name -> [formula, what it does]."""
    return _products() | _pictures() | _norms() | _fused()


def _products() -> dict[str, list[str]]:
    return {
        "AccumulateGrad": [
            "w.grad ← w.grad + dL/dw",
            _("The end of the way back: what arrives is added to the parameter's .grad, where the optimiser finds it."),
        ],
        "Addmm": [
            "y = x @ Wᵀ + b;  dL/dx = g @ W;  dL/dW = gᵀ @ x;  dL/db = Σ g",
            _("A linear layer: weights collect input times gradient, the bias the gradient's sum over the batch."),
        ],
        "Linear": [
            "y = x @ Wᵀ + b;  dL/dx = g @ W;  dL/dW = gᵀ @ x;  dL/db = Σ g",
            _("A linear layer: weights collect input times gradient, the bias the gradient's sum over the batch."),
        ],
        "Mm": [
            "y = a @ b;  dL/da = g @ bᵀ;  dL/db = aᵀ @ g",
            _("A matrix product: each factor gets the gradient times the other one."),
        ],
        "Bmm": ["y = a @ b;  dL/da = g @ bᵀ;  dL/db = aᵀ @ g", _("A matrix product for each example of a batch.")],
        "Mv": ["y = A @ v;  dL/dA = g vᵀ;  dL/dv = Aᵀ @ g", _("A matrix times a vector.")],
        "Dot": ["y = Σ a * b;  dL/da = g · b;  dL/db = g · a", _("The inner product of two vectors.")],
        "Vdot": ["y = Σ a * b;  dL/da = g · b;  dL/db = g · a", _("The inner product of two vectors.")],
        "Embedding": [
            "dL/dE[token] = Σ g  over the places where the token stands",
            _("Only the rows of the table that were read get a gradient; all others get zero."),
        ],
    }


def _pictures() -> dict[str, list[str]]:
    convolution = _(
        "Each weight collects input times gradient over all places where the kernel lay; the input gets the gradient through the kernel turned around."
    )
    return {
        "Convolution": [
            "y = conv(x, W) + b;  dL/dW = conv(x, g);  dL/dx = conv_transpose(g, W);  dL/db = Σ g over batch and places",
            convolution,
        ],
        "MkldnnConvolution": [
            "y = conv(x, W) + b;  dL/dW = conv(x, g);  dL/dx = conv_transpose(g, W);  dL/db = Σ g over batch and places",
            convolution,
        ],
        "MaxPool2DWithIndices": [
            "dL/dx[i] = g where x[i] was the largest of its window, else 0",
            _("Only the winner of each window gets the gradient; its place was noted in the forward pass."),
        ],
        "AvgPool2D": [
            "dL/dx[i] = Σ g / k²  over the windows that hold i",
            _("The gradient is shared equally by all of a window."),
        ],
        "AdaptiveAvgPool2D": [
            "dL/dx[i] = Σ g / n  over the windows that hold i",
            _("The gradient is shared equally by all of a window."),
        ],
    }


def _norms() -> dict[str, list[str]]:
    batch = _(
        "In evaluation mode the statistics are constants, so the gradient is only scaled; scale γ and shift β collect their sums over batch and places."
    )
    batched = "x̂ = (x − μ) / √(σ² + ε);  dL/dx = g * γ / √(σ² + ε);  dL/dγ = Σ g * x̂;  dL/dβ = Σ g"
    return {
        "NativeBatchNorm": [batched, batch],
        "CudnnBatchNorm": [batched, batch],
        "NativeLayerNorm": [
            "dx̂ = g * γ;  dL/dx = (dx̂ − mean(dx̂) − x̂ * mean(dx̂ * x̂)) / √(σ² + ε);  dL/dγ = Σ g * x̂;  dL/dβ = Σ g",
            _(
                "Each example is normalised by itself, so what shifts or scales all its values together gets no gradient."
            ),
        ],
        "NativeGroupNorm": [
            "dx̂ = g * γ;  dL/dx = (dx̂ − mean(dx̂) − x̂ * mean(dx̂ * x̂)) / √(σ² + ε)",
            _("Normalised in groups of channels, with means over each group."),
        ],
        "NativeDropout": ["dL/dx = g * mask / (1 − p)", _("What was dropped gets no gradient.")],
    }


def _fused() -> dict[str, list[str]]:
    recurrent = _(
        "The whole layer over all time steps in one fused operation: the gradient goes from the last step to the first, through the gates, and the weights collect a share from every step."
    )
    cell = _("One time step of the gates, computed in one fused operation.")
    attention = _("Attention in one fused operation; the weights P are computed anew instead of being kept.")
    attended = "P = softmax(Q @ Kᵀ / √d);  dL/dV = Pᵀ @ g;  dP = g @ Vᵀ;  dS = P * (dP − rowsum(dP * P));  dL/dQ = dS @ K / √d;  dL/dK = dSᵀ @ Q / √d"
    through_time = "dL/dh(t−1) = (∂h(t)/∂h(t−1))ᵀ dL/dh(t);  dL/dW = Σₜ (∂h(t)/∂W)ᵀ dL/dh(t)"
    return {
        "MkldnnRnnLayer": [through_time, recurrent],
        "CudnnRnn": [through_time, recurrent],
        "ThnnFusedGruCell": [through_time, cell],
        "ThnnFusedLstmCell": [through_time, cell],
        "ScaledDotProductFlashAttentionForCpu": [attended, attention],
        "ScaledDotProductFlashAttention": [attended, attention],
        "ScaledDotProductEfficientAttention": [attended, attention],
        "ScaledDotProductCudnnAttention": [attended, attention],
    }
