"""The next optimiser step of a run, with its real numbers."""
