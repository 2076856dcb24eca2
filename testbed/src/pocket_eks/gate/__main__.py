"""`python -m pocket_eks.gate CONFIG.json`: serves three ports in one event loop until a signal."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Iterator

import uvicorn

from pocket_eks.gate import aws, aws_calls, control, kube, kube_calls
from pocket_eks.gate.addons import Addons
from pocket_eks.gate.associations import Associations
from pocket_eks.gate.assume_role import AssumeRole
from pocket_eks.gate.authorization import Authorization
from pocket_eks.gate.authorization_eks import EksQuestions
from pocket_eks.gate.authorization_request import Questions
from pocket_eks.gate.config import Config, load
from pocket_eks.gate.eks import Eks
from pocket_eks.gate.emulator import Emulator
from pocket_eks.gate.issuer_keys import IssuerKeys
from pocket_eks.gate.past import Past
from pocket_eks.gate.pipeline import Pipeline, Side, World
from pocket_eks.gate.present import Present
from pocket_eks.gate.problem import Problem
from pocket_eks.gate.proxy import Proxy, pool
from pocket_eks.gate.replica import Replica
from pocket_eks.gate.sessions import Sessions
from pocket_eks.gate.settings import Settings
from pocket_eks.gate.simulator import Simulator
from pocket_eks.gate.web_identity import WebIdentity
from pocket_eks.gate.webhook_cache import WebhookCache


class Server(uvicorn.Server):
    """A uvicorn server without signal handlers: a signal ends the process at once, even with held calls."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture no signals."""
        yield


def server(app: object, port: int, tls: tuple[str, str] | None = None) -> tuple[Server, socket.socket]:
    """Return a server and its listening socket, bound now so that a used port is an error at start."""
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        http="h11",
        ws="none",
        lifespan="off",
        loop="asyncio",
        interface="asgi3",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        ssl_certfile=tls[0] if tls else None,
        ssl_keyfile=tls[1] if tls else None,
        # Clients pool their connections, which only a fault may close.
        timeout_keep_alive=3600,
    )
    # With an explicit protocol, asyncio disables Nagle's algorithm, which costs 40 ms per call.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return Server(config), listener


async def serve(config: Config) -> None:
    """Serve until killed."""
    world = World(Settings(lag=config.lag, latency=config.latency))
    to_aws, to_kube = pool(), pool(config.ca_path)
    upstream = Proxy(to_aws, config.aws_upstream)
    present = Present(upstream)
    past = Past(world.settings, present, Replica(to_aws, config))
    await past.catch_up()
    emulator = Emulator(present.whole, config)
    seen = Emulator(past.whole, config)
    associations = Associations(seen, config)
    addons = Addons(associations, config)
    eks = Eks(config, world.settings, associations, addons)
    questions = EksQuestions(config, emulator, eks, associations, addons)
    sessions = Sessions()
    cache = WebhookCache(to_kube, config, world.settings)
    account = aws.Aws(
        present,
        past,
        emulator,
        eks,
        WebIdentity(config, seen, IssuerKeys(to_kube, config)),
        Authorization(config, world.settings, Questions(config, emulator, questions)),
        Simulator(seen, config),
        sessions,
        AssumeRole(config, seen, sessions),
        world.settings,
        config,
    )
    apiserver = kube.Kube(Proxy(to_kube, config.kube_upstream))
    aws_side = Side("aws", aws_calls.name, account.answer, aws.refuse)
    kube_side = Side("kube", kube_calls.name, apiserver.answer, kube.refuse)
    # Start the control port last: when it answers, the others do too.
    servers = [
        server(Pipeline(aws_side, world), config.aws_port),
        server(Pipeline(kube_side, world), config.kube_port, (config.tls_cert, config.tls_key)),
        server(control.application(world, past, associations, sessions, cache, config), config.control_port),
    ]
    await asyncio.gather(*(one.serve(sockets=[listener]) for one, listener in servers))


def main() -> None:
    """Run the gate. An invalid configuration ends it with one message."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m pocket_eks.gate CONFIG.json")
    # No graceful shutdown: uvicorn's would wait for every watch.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        asyncio.run(serve(load(sys.argv[1])))
    except Problem as problem:
        raise SystemExit(problem.sentence) from None


if __name__ == "__main__":
    main()
