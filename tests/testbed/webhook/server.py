"""The pod identity webhook's HTTPS server."""

from __future__ import annotations

import base64
import json
import ssl
import sys
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from testbed.ports import HOST
from testbed.rest import Rest
from testbed.webhook.patch import Json, pod_patch


@dataclass(frozen=True)
class Webhook:
    """Judges AdmissionReviews; reads ServiceAccounts from `api`, so it never sees a stale one."""

    api: Rest
    region: str

    def review(self, review: Json) -> Json:
        """The answer, in the request's own API version.

        OSError: the API server does not answer; with failurePolicy Ignore the pod then goes without.
        """
        request = review["request"]
        pod = request["object"]
        name = pod["spec"].get("serviceAccountName") or "default"
        account = self.api.get(f"/api/v1/namespaces/{request['namespace']}/serviceaccounts/{name}")
        response: Json = {"uid": request["uid"], "allowed": True}
        patch = pod_patch(pod, account, self.region)
        if patch:
            encoded = base64.b64encode(json.dumps(patch).encode()).decode()
            response |= {"patchType": "JSONPatch", "patch": encoded}
        return {"apiVersion": review["apiVersion"], "kind": "AdmissionReview", "response": response}


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
    # The handshake belongs into the connection's own thread: one slow client must not stop the others.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.serve_forever()
