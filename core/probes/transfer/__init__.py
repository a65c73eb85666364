"""Looks into networks that learn a visitor's own classes."""
