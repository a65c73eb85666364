"""The computation graph of a network, with values and gradients."""

from __future__ import annotations

from pages.shared.inspecting import inspected, look_inside

PAGE = "graph"

look_inside(PAGE, inspected(PAGE))
