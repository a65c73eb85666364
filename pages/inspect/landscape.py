"""The loss around the weights of a run."""

from __future__ import annotations

from pages.shared.inspecting import inspected, look_inside

PAGE = "landscape"

look_inside(PAGE, inspected(PAGE))
