"""The frame of every page: title, style, navigation, the badge of my runs."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # a server started from another folder finds core and pages too
    sys.path.insert(0, str(ROOT))

from pages.shared.asked import remind, settle  # noqa: E402
from pages.shared.frame import language_links, run_badge, style  # noqa: E402
from pages.shared.inspect_rooms import INSPECT, inspect_page  # noqa: E402
from pages.shared.language import _  # noqa: E402
from pages.shared.rooms import ROOMS, room_page  # noqa: E402

st.set_page_config(
    page_title="LiveTorch", page_icon=str(ROOT / "assets" / "favicon.png"), layout="wide", initial_sidebar_state=230
)
style()
page = st.navigation(
    {
        "": [st.Page("learn/home.py", title=_("Home"), icon=":material/home:", default=True)],
        _("Train"): [room_page(name) for name in ROOMS],
        _("Data"): [
            st.Page(
                "data/augmentation.py",
                title=_("Augmentation"),
                icon=":material/auto_fix_high:",
                url_path="augmentation",
                help=_("Build a recipe of augmentation, see what it does to pictures, and train with it."),
            )
        ],
        _("Look inside"): [inspect_page(name) for name in INSPECT],
        _("Mine"): [
            st.Page(
                "train/runs.py",
                title=_("My runs"),
                icon=":material/timeline:",
                url_path="runs",
                help=_("Every run you started: open, rename, download, delete."),
            ),
            st.Page(
                "train/compare.py",
                title=_("Side by side"),
                icon=":material/stacked_line_chart:",
                url_path="compare",
                help=_("Several of your runs in one picture, and in what they differ."),
            ),
        ],
    },
    expanded=True,
)
for room in ROOMS:
    settle(room)
    remind(room)
run_badge()
language_links()
page.run()
