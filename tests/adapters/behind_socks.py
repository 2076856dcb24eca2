"""An API server that only a SOCKS proxy leads to, as `aws eks update-kubeconfig --proxy-url` writes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.proxies import socks_proxy
from adapters.scripted_server import scripted_server
from pocket_eks.pki import make_pki

VERSION = "v1.35.99"
HOST = "kubernetes.default.svc"


@contextmanager
def behind_socks(folder: Path) -> Iterator[tuple[str, ...]]:
    """The words that have the program ask it for its version."""
    pki = make_pki(folder / "pki")
    with scripted_server(pki.cert, pki.key) as server, socks_proxy() as proxy:
        server.replies = [(200, {}, {"gitVersion": VERSION})]
        cluster = {
            "server": f"https://{HOST}:{server.url.rpartition(':')[2]}",
            "certificate-authority": str(pki.ca),
            "proxy-url": f"socks5://127.0.0.1:{proxy.port}",
        }
        config = {
            "current-context": "dev",
            "contexts": [{"name": "dev", "context": {"cluster": "dev", "user": "me"}}],
            "clusters": [{"name": "dev", "cluster": cluster}],
            "users": [{"name": "me", "user": {"token": "t"}}],
        }
        path = folder / "kubeconfig"
        path.write_text(json.dumps(config))
        yield ("version", f"--kubeconfig={path}", "--cluster-name=demo", "--region=eu-west-1")
        assert [host for host, _ in proxy.asked] == [HOST]
