"""Starlette routes, middleware and the lifespan of the server: everything beside Streamlit's own."""

from core.server.lifespan import lifespan
from core.server.middleware import middleware
from core.server.routes import routes

__all__ = ["lifespan", "middleware", "routes"]
