"""LiveTorch's server with one page of its own: the visitor's pictures, as every page shows them."""

import streamlit as st

from core.server import lifespan, middleware, routes

app = st.App("page.py", lifespan=lifespan, routes=routes, middleware=middleware)
