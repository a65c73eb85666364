"""LiveTorch: run with ``streamlit run streamlit_app.py``. Puts the pieces together and does nothing else."""

import streamlit as st

from core.server import lifespan, middleware, routes

app = st.App("pages/app.py", lifespan=lifespan, routes=routes, middleware=middleware)
