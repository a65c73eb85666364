"""Gradients, weights and activations of every layer over a run."""

from __future__ import annotations

from pages.shared.inspecting import inspected, look_inside

PAGE = "gradients"

look_inside(PAGE, inspected(PAGE))
