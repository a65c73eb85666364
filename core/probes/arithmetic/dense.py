"""One number of a linear layer, and of the layers that only carry numbers on or add two of them."""

from __future__ import annotations

from typing import Any

from torch import nn

from core.probes.arithmetic.numbers import exact, weighted
from core.probes.arithmetic.place import Place, layout_of
from core.probes.arithmetic.way import Station
from core.probes.pictures import tensor_block

MOST_PRODUCTS = 4096  # that are sent as a picture


def linear(station: Station, at: Place, rows: int) -> tuple[dict[str, Any], float]:
    """A unit of a Linear: every input times its weight, summed, plus the bias."""
    layer = station.module
    assert isinstance(layer, nn.Linear)
    x = station.given[0][at.step] if station.given[0].dim() > 1 else station.given[0]
    x, weight = x.detach().double().cpu(), layer.weight[at.channel].detach().double().cpu()
    products = x * weight
    bias = None if layer.bias is None else float(layer.bias[at.channel])
    found = weighted(x, weight, rows) | {
        "form": "dot",
        "bias": None if bias is None else exact(bias),
        "positive": exact(products.clamp(min=0).sum()),
        "negative": exact(products.clamp(max=0).sum()),
        "strip": tensor_block(products[None, None, :MOST_PRODUCTS], signed=True),
    }
    return found, float(products.sum()) + (bias or 0.0)


def carried(station: Station, at: Place, _rows: int) -> tuple[dict[str, Any], float]:
    """Flatten, Unflatten, Dropout: the same number at another place, or at the same."""
    x = station.given[0]
    if isinstance(station.module, nn.Flatten | nn.Unflatten):
        place = _place_at(_position(at, station), x.shape, at)
    else:
        place = at
    value = float(x[place.index(layout_of(x))])
    share = getattr(station.module, "p", None)
    return {"form": "same", "x": exact(value), "from": place.said(), "p": share, "source": 0}, value


def selected(station: Station, at: Place, _rows: int) -> tuple[dict[str, Any], float]:
    """The state of a direction after it has read everything: the last step's, or the first one's backwards."""
    units = station.given[0].shape[1]
    way = at.channel // units
    step = 0 if way else len(station.given[0]) - 1
    place = Place(at.channel % units, 0, 0, step)
    value = float(station.given[way][step, place.channel])
    return {"form": "same", "x": exact(value), "from": place.said(), "p": None, "source": way}, value


def added(station: Station, at: Place, _rows: int) -> tuple[dict[str, Any], float]:
    """Two ways that meet: y = body(x) + shortcut(x)."""
    index = at.index(layout_of(station.made))
    values = [float(given[index]) for given in station.given]
    terms = [{"layer": key, "x": exact(value)} for key, value in zip(station.sources, values, strict=True)]
    return {"form": "add", "terms": terms}, sum(values)


def embedding(station: Station, at: Place, _rows: int) -> tuple[dict[str, Any], float]:
    """A number of the row that the table has for a token."""
    layer = station.module
    assert isinstance(layer, nn.Embedding)
    token = int(station.given[0][at.step])
    row = layer.weight[token].detach()
    found = {
        "form": "lookup",
        "token": token,
        "tokens": layer.num_embeddings,
        "unit": at.channel,
        "row": tensor_block(row[None, None], signed=True),
    }
    return found, float(row[at.channel])


def _position(at: Place, station: Station) -> int:
    """Of a place among all numbers of what the layer makes, in a row."""
    if layout_of(station.made) == "vector":
        return at.channel
    _channels, height, width = station.made.shape
    return (at.channel * height + at.row) * width + at.column


def _place_at(position: int, shape: tuple[int, ...], at: Place) -> Place:
    if len(shape) == 1:
        return Place(position, 0, 0, at.step)
    height, width = shape[1], shape[2]
    return Place(position // (height * width), position // width % height, position % width, 0)
