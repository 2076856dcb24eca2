"""The control API: tests read calls with it, and set faults and settings.

    GET    /calls            the calls in order of arrival; `status` is 0 if the connection was closed without
                             an answer, `reached` is whether the call was sent to the upstream
    DELETE /calls            clear the log, including calls in progress
    POST   /faults           {"upstream": "aws", "action": "iam:Attach*", "times": 1, "skip": 0, "effect": …}
    GET    /faults           the faults that can still break a call
    DELETE /faults
    POST   /settings         {"lag": 10, "latency": 0.1, "cluster": {"status": "CREATING"}, "policy": {…}}:
                             other settings do not change; returns when IAM can be read with that lag
    GET    /settings
    GET    /held             the calls that are held or hang, with `point`: before, after or hang
    POST   /held/release     release all of them; returns {"released": NUMBER}
    GET    /associations     the Pod Identity associations of the world's cluster, as a list shows them; with
                             ?namespace=…&serviceAccount=… only those of one ServiceAccount
    GET    /webhook-cache    the state of the webhook's cache, for ?namespace=…&serviceAccount=…
    GET    /healthz          200 once all three ports listen
    POST   /tokenreview      a TokenReview of authentication.k8s.io/v1, for the API server

`faults` documents the effects, and `settings` the settings. An invalid request gets 400 and {"error":
MESSAGE}. A policy with features that the gate cannot evaluate gets 501.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pocket_eks.gate.associations import Associations, summary
from pocket_eks.gate.config import Config
from pocket_eks.gate.past import Past
from pocket_eks.gate.pipeline import World
from pocket_eks.gate.problem import Problem
from pocket_eks.gate.sessions import Sessions
from pocket_eks.gate.token_review import review
from pocket_eks.gate.webhook_cache import WebhookCache

Handler = Callable[[Request], Awaitable[Response]]


def application(
    world: World,
    past: Past,
    associations: Associations,
    sessions: Sessions,
    cache: WebhookCache,
    config: Config,
) -> Starlette:
    """Return the ASGI application of the control port."""

    async def calls(request: Request) -> Response:
        if request.method == "DELETE":
            world.log.clear()
            return Response(status_code=204)
        return JSONResponse(world.log.listed())

    async def faults(request: Request) -> Response:
        if request.method == "DELETE":
            world.faults.clear()
            return Response(status_code=204)
        if request.method == "POST":
            return JSONResponse(world.faults.add(await posted(request)).public())
        return JSONResponse(world.faults.listed())

    async def settings(request: Request) -> Response:
        if request.method == "POST":
            world.settings.change(await posted(request))
            await past.catch_up()
            await cache.follow()
        return JSONResponse(world.settings.public())

    async def held(_: Request) -> Response:
        return JSONResponse(world.holds.listed())

    async def release(_: Request) -> Response:
        return JSONResponse({"released": world.holds.release()})

    async def associated(request: Request) -> Response:
        kept = associations.filtered(config.cluster, dict(request.query_params))
        return JSONResponse([summary(one) for one in kept])

    async def cached(request: Request) -> Response:
        query = request.query_params
        return JSONResponse(cache.find(query.get("namespace", ""), query.get("serviceAccount", "")))

    async def healthz(_: Request) -> Response:
        return Response("ok")

    async def token_review(request: Request) -> Response:
        body = await posted(request)
        if not isinstance(body, dict):
            raise Problem("A TokenReview is a JSON object.")
        return JSONResponse(review(body, config, sessions))

    routes = [
        Route("/calls", calls, methods=["GET", "DELETE"]),
        Route("/faults", faults, methods=["GET", "POST", "DELETE"]),
        Route("/settings", settings, methods=["GET", "POST"]),
        Route("/held", held),
        Route("/held/release", release, methods=["POST"]),
        Route("/associations", associated),
        Route("/webhook-cache", cached),
        Route("/healthz", healthz),
        Route("/tokenreview", token_review, methods=["POST"]),
    ]
    return Starlette(routes=routes, exception_handlers={Problem: refused})


async def posted(request: Request) -> Any:
    """Return the JSON body. Raises Problem if it is not JSON."""
    try:
        return json.loads(await request.body())
    except ValueError as error:
        raise Problem(f"The body is not JSON: {error}.") from error


async def refused(_: Request, problem: Exception) -> Response:
    """Return the answer for a Problem."""
    assert isinstance(problem, Problem)
    return JSONResponse({"error": problem.sentence}, status_code=problem.status)
