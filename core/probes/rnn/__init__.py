"""Looks into the recurrent networks of the RNN page."""
