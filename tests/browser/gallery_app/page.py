"""The gallery with what the link asks for, and what the page is told of it."""

import json

import streamlit as st

from pages.shared.frame import style
from pages.shared.gallery import gallery

st.set_page_config(layout="wide")
style()
asked = st.query_params
chosen = gallery("try", choose=asked.get("choose", "none"), labels="labels" in asked, most=int(asked.get("most", 12)))
st.session_state["reruns"] = st.session_state.get("reruns", 0) + 1
said = {
    "reruns": st.session_state["reruns"],
    "album": chosen.album,
    "changed": chosen.changed,
    "names": [one.name for one in chosen.pictures],
    "labels": [one.label for one in chosen.pictures],
}
st.code(json.dumps(said), language=None)
