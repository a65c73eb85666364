"""What a visitor takes away from a run: its script and its numbers."""

from __future__ import annotations

import csv
import io

from core.errors import LiveTorchError
from core.export.script import standalone_script
from core.i18n import N_
from core.runs.record import Record


def script_of(record: Record) -> str:
    """The standalone script of a run. Raises LiveTorchError before it has started."""
    info = record.row["info"]
    if not info:
        raise LiveTorchError(N_("The run has not started yet; its script is there after the first step."))
    edits = [{name: edit[name] for name in ("step", "name", "value")} for edit in record.row["edits"]]
    config = record.config.resolved(device=info["device"], threads=info["threads"])
    return standalone_script(config, edits, record.log.step, info["versions"], record.state)


def csv_of(record: Record) -> str:
    """Every point as CSV: split, step, epoch, seconds and the metrics, to the last digit."""
    rows = list(record.log.rows())
    names = list(rows[0][4]) if rows else ["loss", "accuracy"]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["split", "step", "epoch", "seconds", *names])
    writer.writerows(
        [split, step, epoch, seconds, *map(values.get, names)] for split, step, epoch, seconds, values in rows
    )
    return file.getvalue()
