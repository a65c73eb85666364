"""What a visitor takes away from a run: its script and its numbers."""

from __future__ import annotations

import csv
import io

from core.errors import LiveTorchError
from core.export.recorded import Recorded
from core.families import FAMILIES, found
from core.i18n import N_
from core.runs.record import Record


def script_of(record: Record) -> str:
    """The standalone script of a run. Raises LiveTorchError before it has started."""
    info = record.row["info"]
    if not info:
        raise LiveTorchError(N_("The run has not started yet; its script is there after the first step."))
    edits = [{name: edit[name] for name in ("step", "name", "value")} for edit in record.row["edits"]]
    config = record.config.resolved(
        device=info["device"], threads=info["threads"], precision=info.get("precision", "float32")
    )
    recorded = Recorded(edits, record.log.step, info["versions"], record.state, record.log.validated)
    script: str = found(FAMILIES[config.page].script)(config, recorded)
    return script


def csv_of(record: Record) -> str:
    """Every point as CSV: split, step, epoch, seconds and the metrics, to the last digit; empty where one was not measured."""
    names = record.log.names()
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["split", "step", "epoch", "seconds", *names])
    for split, step, epoch, seconds, values in record.log.rows():
        writer.writerow([split, step, epoch, seconds, *map(values.get, names)])
    return file.getvalue()
