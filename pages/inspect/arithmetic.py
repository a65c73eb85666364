"""How one number of one layer comes about."""

from __future__ import annotations

from pages.shared.inspecting import inspected, look_inside

PAGE = "arithmetic"

look_inside(PAGE, inspected(PAGE))
