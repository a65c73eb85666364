"""Looks into image classifiers of the CNN page."""
