"""Versions of the store's tables (Alembic). A change of a table is a new file in ``versions``."""
