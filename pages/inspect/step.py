"""One optimiser step, explained with its true numbers."""

from __future__ import annotations

from pages.shared.inspecting import inspected, look_inside

PAGE = "step"

look_inside(PAGE, inspected(PAGE))
