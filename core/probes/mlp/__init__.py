"""Looks into the networks of the playground."""
