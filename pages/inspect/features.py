"""What units respond to, and what an answer rests on."""

from __future__ import annotations

from pages.shared.inspecting import inspected, look_inside

PAGE = "features"

look_inside(PAGE, inspected(PAGE))
