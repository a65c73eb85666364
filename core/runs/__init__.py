"""The life of a run: worker process, supervisor, event log, store, queue."""
