"""The EKS of an emulator that has one: what the gate asks it about clusters of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from testbed.gate.aws_errors import AwsError
from testbed.gate.config import Config
from testbed.gate.emulator import fake_authorization
from testbed.gate.message import Answer, Request
from testbed.gate.proxy import Proxy, nobody

Json = dict[str, Any]
EVERYTHING = "1000000"
"""More results than there are: the emulator cuts its lists off, and has no next page."""


class EksEmulator:
    """Calls about one cluster at a time, which the emulator gets to know when it is first asked about it."""

    def __init__(self, proxy: Proxy, config: Config) -> None:
        self._proxy = proxy
        self._config = config
        self._known: set[str] = set()

    async def call(
        self,
        method: str,
        cluster: str,
        *path: str,
        body: Json | None = None,
        query: dict[str, str] | None = None,
        reached: Callable[[], None] = nobody,
    ) -> Json:
        """The JSON answer to `method` /clusters/CLUSTER/PATH, its ARNs of this partition; raises AwsError."""
        if cluster not in self._known:
            spec = {"name": cluster, "roleArn": "", "resourcesVpcConfig": {}}
            told(await self._send("POST", "/clusters", spec))
            self._known.add(cluster)
        target = "/".join(["/clusters", *(quote(part, safe="") for part in (cluster, *path))])
        if query:
            target += "?" + urlencode(query)
        answer = told(await self._send(method, target, body, reached))
        text = answer.body.replace(b'"arn:aws:eks:', f'"arn:{self._config.partition}:eks:'.encode())
        loaded: Json = json.loads(text)
        return loaded

    async def listed(
        self,
        cluster: str,
        path: str,
        member: str,
        query: dict[str, str],
        reached: Callable[[], None] = nobody,
    ) -> list[Any]:
        """All results of a list operation; `query` may filter."""
        filters = {key: value for key, value in query.items() if key not in ("maxResults", "nextToken")}
        found = await self.call(
            "GET", cluster, path, query={**filters, "maxResults": EVERYTHING}, reached=reached
        )
        results: list[Any] = found[member]
        return results

    async def _send(
        self, method: str, target: str, body: Json | None, reached: Callable[[], None] = nobody
    ) -> Answer:
        headers = [
            (b"authorization", fake_authorization(self._config, "eks").encode()),
            (b"content-type", b"application/json"),
        ]
        content = b"" if body is None else json.dumps(body).encode()
        request = Request(method, target.partition("?")[0], target.encode(), headers, content)
        return await self._proxy.whole(request, reached)


def told(answer: Answer) -> Answer:
    """The answer if it is a good one; raises AwsError with the emulator's own refusal."""
    if answer.status < 300:
        return answer
    code = next((value for key, value in answer.headers if key.lower() == b"x-amzn-errortype"), b"")
    if not code:
        raise RuntimeError(f"the emulator answers {answer.status} {answer.body!r}")
    raise AwsError(code.decode("latin-1"), str(json.loads(answer.body).get("message", "")))


def body_of(request: Request) -> Json:
    """The JSON object that a call sends; raises AwsError."""
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise AwsError("InvalidRequestException", "The body of the request is not a JSON object.")
    return body


def page(results: list[Any], query: dict[str, str]) -> tuple[list[Any], str | None]:
    """One page and the token of the next (EKS API reference: maxResults is 1 to 100, and 100 by default);
    raises AwsError."""
    try:
        size, start = int(query.get("maxResults", 100)), int(query.get("nextToken", "0"), 16)
    except ValueError:
        raise AwsError("InvalidParameterException", "maxResults or nextToken is invalid.") from None
    if not 1 <= size <= 100 or start < 0:
        raise AwsError("InvalidParameterException", "maxResults must be between 1 and 100.")
    end = start + size
    return results[start:end], f"{end:x}" if end < len(results) else None
