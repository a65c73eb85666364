"""How controls stand to each other."""

from __future__ import annotations

import streamlit as st

NARROWEST = 60  # pixels; below it a control has a row of its own


def side_by_side() -> st.delta_generator.DeltaGenerator:
    """Whatever is drawn in it stands two in a row, on a phone one.

    A grid is one message to the browser however much it holds; each row of two columns is three.
    """
    return st.grid(2, min_column_width=NARROWEST)
