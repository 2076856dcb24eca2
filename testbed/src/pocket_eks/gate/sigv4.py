"""Verifies the signature of a presigned URL (AWS documentation: "Create a signed AWS API request")."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import SplitResult, parse_qsl, quote

ALGORITHM = "AWS4-HMAC-SHA256"


def presigned(url: SplitResult, secret_key: str, headers: dict[str, str]) -> str:
    """Return the signature of a presigned GET of `url` with that key, in hexadecimal.

    `headers` are the values of the signed headers except the host, by lower-case name. A signed header that
    is missing in them has an empty value.
    """
    query = parse_qsl(url.query, keep_blank_values=True)
    given = dict(query)
    scope = given.get("X-Amz-Credential", "").partition("/")[2]
    signed = given.get("X-Amz-SignedHeaders", "").split(";")
    values = {"host": url.netloc} | headers
    canonical = "\n".join(
        (
            "GET",
            url.path or "/",
            "&".join(sorted(f"{enc(k)}={enc(v)}" for k, v in query if k != "X-Amz-Signature")),
            "".join(f"{name}:{' '.join(values.get(name, '').split())}\n" for name in signed),
            ";".join(signed),
            hashlib.sha256(b"").hexdigest(),
        )
    )
    to_sign = "\n".join(
        (ALGORITHM, given.get("X-Amz-Date", ""), scope, hashlib.sha256(canonical.encode()).hexdigest())
    )
    key = ("AWS4" + secret_key).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()


def enc(text: str) -> str:
    """Return the text with the percent-encoding of SigV4."""
    return quote(text, safe="-_.~")
