"""LiveTorch: run with ``streamlit run streamlit_app.py``. Puts the pieces together and does nothing else."""

import streamlit as st

from core.server import lifespan, middleware, routes
from pages.shared.errors import say_what_failed

app = st.App(
    "pages/app.py",
    lifespan=lifespan,
    routes=routes,
    middleware=middleware,
    on_script_error=say_what_failed,
)
