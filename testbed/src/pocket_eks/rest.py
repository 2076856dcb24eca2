"""A client of the API server for the world itself, which starts faster than the kubernetes package."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, cast

Json = dict[str, Any]


class Rest:
    """A client with a bearer token. It ignores proxies, because the server is on 127.0.0.1."""

    def __init__(self, url: str, ca: Path, token: str) -> None:
        self.url = url
        self.token = token
        context = ssl.create_default_context(cafile=str(ca))
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )

    def get(self, path: str) -> Json | None:
        """Return the object, or None if it does not exist.

        Raises:
            urllib.error.HTTPError: the server returned an error other than 404.
            OSError: there is no answer.
        """
        try:
            return cast(Json, json.loads(self.ask("GET", path)))
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise

    def create(self, path: str, body: Json) -> Json:
        """Create an object, and return it.

        Raises:
            urllib.error.HTTPError: the server returned an error.
            OSError: there is no answer.
        """
        return cast(Json, json.loads(self.ask("POST", path, body)))

    def is_ready(self) -> bool:
        try:
            return self.ask("GET", "/readyz") == b"ok"
        except OSError:
            return False

    def ask(self, method: str, path: str, body: Json | None = None) -> bytes:
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        with self.opener.open(request, timeout=10) as response:
            return cast(bytes, response.read())
