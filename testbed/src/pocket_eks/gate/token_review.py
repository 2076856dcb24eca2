"""The bearer tokens of EKS: a presigned GetCallerIdentity that names the cluster.

The rules are those of aws-iam-authenticator (pkg/token/token.go, Verify), except that the signature is
verified here and not by STS: the token is `k8s-aws-v1.` and the URL in base64url without padding, it is valid
for 15 minutes after X-Amz-Date, and the header x-k8s-aws-id, the name of the cluster, is signed. Two rules
differ: of STS's hosts, only those of this region and the global one are valid, while the authenticator
accepts those of any region; and the gate's own AWS endpoint is valid, because AWS_ENDPOINT_URL makes clients
sign for it. The user's keys are those of the creator of the cluster, and a session of AssumeRole is its role.
Both are cluster administrators.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from pocket_eks.gate.config import Config
from pocket_eks.gate.sessions import Session, Sessions
from pocket_eks.gate.sigv4 import ALGORITHM, presigned

PREFIX = "k8s-aws-v1."
LONGEST = 4096
VALID = timedelta(minutes=15)
SKEW = timedelta(minutes=5)
CLUSTER_HEADER = "x-k8s-aws-id"
ALLOWED = frozenset(
    (
        *("action", "version", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires"),
        *("x-amz-security-token", "x-amz-signature", "x-amz-signedheaders", "x-amz-user-agent"),
    )
)
GROUPS = ["system:masters", "system:authenticated"]
CREATOR = "kubernetes-admin"


class BadToken(Exception):
    """A token that does not authenticate. The text has the reason."""


def review(
    body: dict[str, Any], config: Config, sessions: Sessions, now: datetime | None = None
) -> dict[str, Any]:
    """Return the TokenReview with its status: authenticated as the creator or as a role, or the error."""
    version = body.get("apiVersion", "authentication.k8s.io/v1")
    answer: dict[str, Any] = {"apiVersion": version, "kind": "TokenReview", "metadata": {}}
    try:
        spec = body.get("spec")
        token = spec.get("token") if isinstance(spec, dict) else None
        user = check(str(token or ""), config, sessions, now or datetime.now(timezone.utc))
    except BadToken as error:
        return answer | {"status": {"authenticated": False, "error": str(error)}}
    return answer | {"status": {"authenticated": True, "user": user}}


def check(token: str, config: Config, sessions: Sessions, now: datetime) -> dict[str, Any]:
    """Return the user of a token, in the form of a TokenReview. Raises BadToken."""
    url = decode(token)
    pairs = parse_qsl(url.query, keep_blank_values=True)
    given = dict(pairs)
    check_address(url, config)
    if len({key.lower() for key, _ in pairs}) < len(pairs):
        raise BadToken("query parameter with multiple values not supported")
    unknown = sorted(key for key in given if key.lower() not in ALLOWED)
    if unknown:
        raise BadToken(f"non-whitelisted query parameter {unknown[0]!r}")
    if given.get("Action") != "GetCallerIdentity":
        raise BadToken("unexpected action parameter in pre-signed URL")
    if given.get("X-Amz-Algorithm") != ALGORITHM:
        raise BadToken("unexpected X-Amz-Algorithm in pre-signed URL")
    if CLUSTER_HEADER not in given.get("X-Amz-SignedHeaders", "").lower().split(";"):
        raise BadToken(f'client did not sign the "{CLUSTER_HEADER}" header in the pre-signed URL')
    check_time(given, now)
    credential = given.get("X-Amz-Credential", "").split("/")
    if len(credential) != 5 or credential[3:] != ["sts", "aws4_request"]:
        raise BadToken("malformed X-Amz-Credential in pre-signed URL")
    if not given.get("X-Amz-Date", "").startswith(credential[1]):
        raise BadToken("the date of X-Amz-Credential is not that of X-Amz-Date")
    session = sessions.of(credential[0])
    secret_key = session.secret_key if session else config.secret_keys.get(credential[0])
    if secret_key is None:
        raise BadToken("the access key is not one of this account")
    check_session(session, given.get("X-Amz-Security-Token", ""), now)
    expected = presigned(url, secret_key, {CLUSTER_HEADER: config.cluster})
    if not hmac.compare_digest(expected, given.get("X-Amz-Signature", "")):
        raise BadToken("sts getCallerIdentity failed: the signature is not that of this account and cluster")
    return user_of(config, credential[0], session)


def check_session(session: Session | None, token: str, now: datetime) -> None:
    """Check that a session has its own token and has not expired, or that a user has no token."""
    if token != (session.token if session else ""):
        raise BadToken("sts getCallerIdentity failed: the security token included in the request is invalid")
    if session and now >= session.ends:
        raise BadToken("sts getCallerIdentity failed: the security token included in the request is expired")


def user_of(config: Config, key: str, session: Session | None) -> dict[str, Any]:
    """Return the user of a TokenReview."""
    uid = f"aws-iam-authenticator:{config.account}:{session.principal if session else key}"
    user: dict[str, Any] = {"username": session.arn if session else CREATOR, "groups": GROUPS, "uid": uid}
    return {**user, "extra": session.extra()} if session else user


def decode(token: str) -> SplitResult:
    """Return the URL in a token."""
    if len(token) > LONGEST:
        raise BadToken("token is too large")
    if not token.startswith(PREFIX):
        raise BadToken(f'token is missing expected "{PREFIX}" prefix')
    encoded = token.removeprefix(PREFIX)
    if "=" in encoded:
        raise BadToken("illegal base64 data: the token is not padded")
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        return urlsplit(raw.decode("ascii"))
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise BadToken(f"the token holds no URL: {error}") from error


def check_address(url: SplitResult, config: Config) -> None:
    """Check that the host is that of STS in this region, the global one, or the gate's own AWS endpoint."""
    suffix = ".cn" if config.partition == "aws-cn" else ""
    sts = {f"sts.{config.region}.amazonaws.com{suffix}", "sts.amazonaws.com"}
    own = {f"127.0.0.1:{config.aws_port}", f"localhost:{config.aws_port}"}
    if url.scheme == "https" and url.netloc not in sts:
        raise BadToken(f"unexpected hostname {url.netloc!r} in pre-signed URL")
    if url.scheme == "http" and url.netloc not in own:
        raise BadToken('unexpected scheme "http" in pre-signed URL')
    if url.scheme not in ("http", "https") or url.path != "/":
        raise BadToken("unexpected scheme or path in pre-signed URL")


def check_time(given: dict[str, str], now: datetime) -> None:
    """Check that X-Amz-Date is less than 15 minutes old, and that X-Amz-Expires is a number up to 900."""
    try:
        signed = datetime.strptime(given.get("X-Amz-Date", ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        raise BadToken("X-Amz-Date parameter must be present in pre-signed URL") from None
    expires = given.get("X-Amz-Expires", "")
    if not expires.isdecimal() or int(expires) > 900:
        raise BadToken(f"invalid X-Amz-Expires parameter in pre-signed URL: {expires!r}")
    if now > signed + VALID:
        raise BadToken(f"X-Amz-Date parameter is expired (15 minute expiration) {signed}")
    if signed > now + SKEW:
        raise BadToken(f"X-Amz-Date parameter is in the future: {signed}")
