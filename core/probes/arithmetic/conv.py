"""One pixel of a convolution or a pooling: which pixels it is made of, and how."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from core.probes.arithmetic.numbers import exact, exacts, largest
from core.probes.arithmetic.place import Place
from core.probes.arithmetic.way import Station

MOST_CELLS = 256  # of a pooling window that are sent


def convolution(station: Station, at: Place, rows: int) -> tuple[dict[str, Any], float]:
    """A pixel of a Conv2d: its patch in each input channel times the kernel, summed, plus the bias."""
    layer = station.module
    assert isinstance(layer, nn.Conv2d)
    (x,) = station.given
    before = _padding(layer)
    lines, columns = (
        [at_ * stride - pad + tap * dilation for tap in range(size)]
        for at_, stride, pad, dilation, size in zip(
            (at.row, at.column), layer.stride, before, layer.dilation, layer.kernel_size, strict=True
        )
    )
    own = layer.out_channels // layer.groups
    width = layer.in_channels // layer.groups
    first = at.channel // own * width
    kernel = layer.weight[at.channel]  # (in / groups, kh, kw)
    found = _products(x[first : first + width], kernel, layer.bias, at.channel, lines, columns, first, rows)
    found[0]["groups"] = layer.groups
    return found


def transposed(station: Station, at: Place, rows: int) -> tuple[dict[str, Any], float]:
    """A pixel of a ConvTranspose2d: the input pixels whose enlarged kernels reach it, each with the tap that does."""
    layer = station.module
    assert isinstance(layer, nn.ConvTranspose2d)
    (x,) = station.given
    pads = [pad for pad in layer.padding if isinstance(pad, int)]
    reached = [
        sorted(
            ((at_ + pad - tap * dilation) // stride, tap)
            for tap in range(size)
            if (at_ + pad - tap * dilation) % stride == 0
        )
        for at_, stride, pad, dilation, size in zip(
            (at.row, at.column), layer.stride, pads, layer.dilation, layer.kernel_size, strict=True
        )
    ]
    (lines, taps_down), (columns, taps_across) = ([list(one) for one in zip(*pairs, strict=True)] for pairs in reached)
    own, width = layer.out_channels // layer.groups, layer.in_channels // layer.groups
    group = at.channel // own
    weight = layer.weight[group * width : (group + 1) * width, at.channel % own]  # (in / groups, kh, kw)
    kernel = weight[:, taps_down][:, :, taps_across]
    first = group * width
    found, result = _products(x[first : first + width], kernel, layer.bias, at.channel, lines, columns, first, rows)
    return found | {"groups": layer.groups, "taps": {"rows": taps_down, "columns": taps_across}}, result


def _padding(layer: nn.Conv2d) -> tuple[int, int]:
    """Zeros above and to the left."""
    if isinstance(layer.padding, str):
        if layer.padding == "valid":
            return 0, 0
        down, across = (d * (k - 1) // 2 for d, k in zip(layer.dilation, layer.kernel_size, strict=True))
        return down, across
    return layer.padding[0], layer.padding[1]


def _products(
    x: Tensor,
    kernel: Tensor,
    bias: Tensor | None,
    channel: int,
    lines: list[int],
    columns: list[int],
    first: int,
    rows: int,
) -> tuple[dict[str, Any], float]:
    """Patch times kernel, (C, h, w) each, with the ``rows`` input channels that weigh most and the rest together."""
    patch = gathered(x, lines, columns)
    kernel = kernel.detach().double()
    products = patch * kernel
    sums = products.sum((1, 2))
    chosen = largest(sums, rows)
    total = float(sums.sum())
    added = 0.0 if bias is None else float(bias[channel])
    shown = {
        "form": "window",
        "rows": [
            {
                "channel": first + place,
                "patch": exacts(patch[place]),
                "kernel": exacts(kernel[place]),
                "products": exacts(products[place]),
                "sum": exact(sums[place]),
            }
            for place in chosen
        ],
        "more": {"count": len(sums) - len(chosen), "sum": exact(total - float(sums[chosen].sum()))},
        "sum": exact(total),
        "bias": None if bias is None else exact(added),
        "lines": lines,
        "columns": columns,
    }
    return shown, total + added


def gathered(x: Tensor, lines: list[int], columns: list[int]) -> Tensor:
    """The pixels of ``x`` (C, H, W) where ``lines`` and ``columns`` cross, float64; zeros outside of the picture."""
    height, width = x.shape[1:]
    down, across = torch.tensor(lines), torch.tensor(columns)
    inside = ((down >= 0) & (down < height))[:, None] & ((across >= 0) & (across < width))
    found = x[:, down.clamp(0, height - 1).to(x.device)][:, :, across.clamp(0, width - 1).to(x.device)].double().cpu()
    return found.where(inside, 0.0)


def pooling(station: Station, at: Place, _rows: int) -> tuple[dict[str, Any], float]:
    """A pixel of a pooling: the largest, or the mean, of its window; padding takes no part in the largest."""
    x, layer = station.given[0][at.channel], station.module
    (lines, columns), divisor = _window(layer, x, station.made, at)
    values = x[lines[0] : lines[-1] + 1, columns[0] : columns[-1] + 1].detach().double().cpu()
    if isinstance(layer, nn.MaxPool2d):
        steps = _pair(layer.dilation)
        values = x[lines][:, columns].detach().double().cpu() if max(steps) > 1 else values
    peak = isinstance(layer, nn.MaxPool2d | nn.AdaptiveMaxPool2d)
    place = int(values.argmax())
    result = float(values.max()) if peak else float(values.sum()) / divisor
    return {
        "form": "pool",
        "how": "max" if peak else "mean",
        "values": exacts(values) if values.numel() <= MOST_CELLS else None,
        "count": values.numel(),
        "divisor": divisor,
        "sum": exact(values.sum()),
        "winner": [place // values.shape[1], place % values.shape[1]] if peak else None,
        "lines": lines,
        "columns": columns,
        "channel": at.channel,
    }, result


def _window(layer: Any, x: Tensor, made: Tensor, at: Place) -> tuple[tuple[list[int], list[int]], int]:
    """Lines and columns of the window, padding left out, and by how much a mean divides."""
    found: list[list[int]] = []
    sizes = []
    for axis, position in enumerate((at.row, at.column)):
        side, out = x.shape[axis], made.shape[axis + 1]
        if isinstance(layer, nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d):
            first, last = position * side // out, -(-(position + 1) * side // out)
            found.append(list(range(first, last)))
            sizes.append(last - first)
            continue
        size, pad = _pair(layer.kernel_size)[axis], _pair(layer.padding)[axis]
        first = position * _pair(layer.stride)[axis] - pad
        spread = _pair(getattr(layer, "dilation", 1))[axis]
        found.append([place for place in range(first, first + size * spread, spread) if 0 <= place < side])
        sizes.append(min(first + size, side + pad) - first)
    whole = sizes[0] * sizes[1] if getattr(layer, "count_include_pad", False) else len(found[0]) * len(found[1])
    return (found[0], found[1]), getattr(layer, "divisor_override", None) or whole


def _pair(value: int | tuple[int, ...]) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else (value[0], value[1])
