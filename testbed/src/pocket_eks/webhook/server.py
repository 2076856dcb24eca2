"""The HTTPS server of the pod identity webhook."""

from __future__ import annotations

import base64
import json
import ssl
import sys
import urllib.request
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pocket_eks.ports import HOST
from pocket_eks.rest import Rest
from pocket_eks.webhook.patch import Json, pod_patch


@dataclass(frozen=True)
class Webhook:
    """Answers AdmissionReviews.

    Reads ServiceAccounts from `api` and associations from `control`, the control API of the gate. Its data is
    stale only if the settings of the gate freeze its cache.
    """

    api: Rest
    region: str
    control: str

    def review(self, review: Json) -> Json:
        """Return the answer, in the API version of the request.

        Raises:
            OSError: the API server or the gate does not answer. With failurePolicy Ignore, the pod is then
            created
                without a role.
        """
        request = review["request"]
        pod = request["object"]
        namespace, name = request["namespace"], pod["spec"].get("serviceAccountName") or "default"
        service_account = self.service_account(namespace, name)
        response: Json = {"uid": request["uid"], "allowed": True}
        patch = pod_patch(
            pod, service_account, self.region, is_associated=self.is_associated(namespace, name)
        )
        if patch:
            encoded = base64.b64encode(json.dumps(patch).encode()).decode()
            response |= {"patchType": "JSONPatch", "patch": encoded}
        return {"apiVersion": review["apiVersion"], "kind": "AdmissionReview", "response": response}

    def service_account(self, namespace: str, name: str) -> Json | None:
        """Return the ServiceAccount, or its state when the cache was frozen.

        Raises:
            OSError: the API server or the gate does not answer.
        """
        cache = self.ask("webhook-cache", namespace, name)
        if cache["state"] == "fresh":
            return self.api.get(f"/api/v1/namespaces/{namespace}/serviceaccounts/{name}")
        frozen: Json | None = cache["serviceAccount"]
        return frozen

    def is_associated(self, namespace: str, name: str) -> bool:
        """Return whether the ServiceAccount has a Pod Identity association.

        Raises:
            OSError: the gate does not answer.
        """
        return bool(self.ask("associations", namespace, name))

    def ask(self, path: str, namespace: str, name: str) -> Any:
        """Return what the control API of the gate says about a ServiceAccount.

        Raises:
            OSError: the gate does not answer.
        """
        query = urlencode({"namespace": namespace, "serviceAccount": name})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{self.control}/{path}?{query}", timeout=10) as response:
            return json.loads(response.read())


def serve(webhook: Webhook, port: int, cert: Path, key: Path) -> None:
    """Answer GET /healthz and POST /mutate until killed."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.answer(200 if self.path == "/healthz" else 404, b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                answer = webhook.review(json.loads(body))
            except (OSError, LookupError, ValueError) as error:
                print(f"review failed: {error!r}", file=sys.stderr, flush=True)
                self.answer(500, str(error).encode())
            else:
                self.answer(200, json.dumps(answer).encode())

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server = ThreadingHTTPServer((HOST, port), Handler)
    # Do the handshake in the thread of the connection, so that a slow client does not block others.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.serve_forever()
