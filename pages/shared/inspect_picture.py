"""A picture of the visitor's own, to be looked at in a torchvision model instead of the sample photos."""

from __future__ import annotations

import streamlit as st

from pages.shared.gallery import gallery
from pages.shared.language import _


def own_picture(page: str) -> str | None:
    """Fingerprint of the picture that is looked at first, if one was chosen here or by the link; kept in the link."""
    linked = st.query_params.get("picture")
    label = _("Another picture") if linked else _("Look at a picture of your own")
    with st.expander(label, icon=":material/image:", key=f"{page}_picture_card"):
        st.caption(
            _("It comes before the sample photos. What the network reads is its middle, made as large as it wants it.")
        )
        chosen = gallery(page, key="picture", choose="one")
    picked = st.session_state.get(f"{page}_picture_chosen")
    fresh = picked and picked != st.session_state.get(f"{page}_picture_linked")
    if (fresh or chosen.changed) and chosen.pictures:  # clicked, or brought
        st.session_state[f"{page}_picture_linked"] = picked
        linked = st.query_params["picture"] = chosen.pictures[0].sha
    return linked
