"""The pictures a run was trained with, small, for whoever may see the run; and all of it in one file to take away."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from anyio import CapacityLimiter, to_thread
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from core.config.transfer import TransferRunConfig
from core.errors import LiveTorchError, NotFoundError
from core.export.predict_script import predict_script_of
from core.export.transfer_zip import write_zip
from core.i18n import N_, explain
from core.pictures import files
from core.pictures.builtin import SHAPES
from core.pictures.sets import PictureSet, read_set
from core.runs.service import service
from core.server.asked import language_of
from core.server.middleware import visitor_in

FOREVER = "private, max-age=31536000, immutable"  # the picture at a place of a set never changes


PACKING = CapacityLimiter(1)  # zips that are made at a time


def config_of_run(request: Request) -> TransferRunConfig:
    """The settings of the run of the path, if the asker may see it. Raises :class:`NotFoundError`."""
    config = service().record(request.path_params["run"], **access(request)).config
    if not isinstance(config, TransferRunConfig):
        raise NotFoundError(N_("This run was not trained with pictures of a visitor."))
    return config


def prediction_of_run(request: Request) -> str:
    """The script that predicts. Raises :class:`LiveTorchError` where the run's weights cannot be used any more."""
    text = predict_script_of(config_of_run(request))
    service().check_fits(service().record(request.path_params["run"], **access(request)))
    return text


def access(request: Request) -> dict[str, str | None]:
    """Who asks: the visitor of the cookie, or the bearer of a view token."""
    return {"visitor": visitor_in(request.headers), "token": request.query_params.get("view")}


def set_of_run(request: Request) -> PictureSet:
    """Its labelled pictures."""
    fingerprint = config_of_run(request).pictures
    return read_set(fingerprint) if fingerprint else service().library.as_set("", SHAPES)


def picture_of(request: Request) -> Path:
    """The thumbnail of the picture at a position of the set."""
    found = set_of_run(request)
    place = int(request.path_params["place"])
    if place >= len(found.pictures):
        raise NotFoundError(N_("There is no such picture, or it is not yours to see."))
    return files.thumbnail_of(found.pictures[place][0])


async def picture(request: Request) -> Response:
    """A small picture of a run."""
    try:
        path = await run_in_threadpool(picture_of, request)
    except LiveTorchError as error:
        return said(request, error)
    return FileResponse(path, media_type=await run_in_threadpool(kind_of, path), headers={"Cache-Control": FOREVER})


def kind_of(path: Path) -> str:
    """PNG or JPEG; nothing else is kept."""
    with path.open("rb") as file:
        return "image/png" if file.read(4) == b"\x89PNG" else "image/jpeg"


async def predict_script(request: Request) -> Response:
    """The script that names the classes of pictures with the run's weights."""
    try:
        text = await run_in_threadpool(prediction_of_run, request)
    except LiveTorchError as error:
        return said(request, error)
    headers = {"Content-Disposition": 'attachment; filename="predict.py"'}
    return Response(text, media_type="text/x-python", headers=headers)


async def everything(request: Request) -> Response:
    """Weights, scripts and pictures as one zip; made on the disk, deleted when it was sent."""
    try:
        path = await to_thread.run_sync(packed, request, limiter=PACKING)
    except LiveTorchError as error:
        return said(request, error)
    name = f"livetorch_{request.path_params['run'][:8]}.zip"
    return FileResponse(path, media_type="application/zip", filename=name, background=BackgroundTask(path.unlink, True))


def packed(request: Request) -> Path:
    """The zip of the run of the path."""
    config, run = config_of_run(request), request.path_params["run"]
    script = service().script(run, **access(request))
    weights = service().weights(run, **access(request))
    handle, name = tempfile.mkstemp(suffix=".zip")
    try:
        with os.fdopen(handle, "wb") as file:
            write_zip(file, config, set_of_run(request), script, weights)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def said(request: Request, error: LiveTorchError) -> Response:
    """An error as a sentence."""
    status = 404 if isinstance(error, NotFoundError) else 409
    return Response(explain(error, language_of(request)), status, media_type="text/plain")


run_picture_routes: list[BaseRoute] = [
    Route("/api/runs/{run}/pictures/{place:int}", picture),
    Route("/api/runs/{run}/predict.py", predict_script),
    Route("/api/runs/{run}/takeaway.zip", everything),
]
