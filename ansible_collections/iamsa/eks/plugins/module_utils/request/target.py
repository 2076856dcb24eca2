# SPDX-License-Identifier: GPL-3.0-or-later

"""The request's cluster and connections, and their validation, without any call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..aws.mfa import AskCode
from ..aws.options import AwsOptions
from ..cluster.target import Where, WhereDefaults
from ..errors import InvalidValue
from ..kube.config.options import ConnectionOptions, check_extra, check_server, check_token
from ..model import names, values
from ..wording.text import Sentence
from .durations import WAIT_SECONDS, seconds
from .request import FieldNames


@dataclass(frozen=True)
class TargetRequest:
    """The unchecked values of the options. None or an empty value: not requested."""

    cluster_name: str | None = None
    region: str | None = None
    profile: str | None = None
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)
    endpoint_url: str | None = None
    ca_bundle: str | None = None
    validate_certs: bool = True
    kubeconfig: str | None = None
    context: str | None = None
    cluster: str | None = None
    user: str | None = None
    server: str | None = None
    token: str | None = field(default=None, repr=False)
    certificate_authority: str | None = None
    client_certificate: str | None = None
    client_key: str | None = None
    tls_server_name: str | None = None
    insecure_skip_tls_verify: bool = False
    as_user: str | None = None
    as_groups: Sequence[str] = ()
    as_uid: str | None = None
    as_user_extra: Sequence[str] = ()
    namespace: str | None = None
    request_timeout: str | None = None


def target(
    request: TargetRequest,
    named: FieldNames,
    user_agent: str,
    *,
    defaults: WhereDefaults | None = None,
    ask_code: AskCode | None = None,
) -> Where:
    """Validate the request; `defaults` apply if neither the request nor the kubeconfig has a value.

    Raises:
        InvalidValue: a value is invalid, or two options contradict each other.
    """
    given = _Given(request, named)
    return Where(
        cluster_name=given.checked("cluster_name", names.check_cluster_name),
        region=given.checked("region", names.check_region),
        profile=given.text("profile"),
        defaults=defaults or WhereDefaults(),
        aws=_aws(request, given, ask_code),
        connection=_connection(request, given, user_agent),
    )


class _Given:
    """The fields of a request by name."""

    def __init__(self, request: TargetRequest, named: FieldNames) -> None:
        self._request = request
        self.named = named

    def checked(self, name: str, check: Callable[[str, Sentence], str]) -> str | None:
        value = getattr(self._request, name)
        return None if value is None else check(value, self.named(name))

    def text(self, name: str) -> str | None:
        return self.checked(name, _text)


def _text(value: str, name: Sentence) -> str:
    return values.check_text(value, name, 4096)


def _aws(request: TargetRequest, given: _Given, ask_code: AskCode | None) -> AwsOptions:
    _refuse_half_keys(request, given.named)
    return AwsOptions(
        access_key=given.text("access_key"),
        secret_key=request.secret_key or None,
        session_token=request.session_token or None,
        endpoint_url=given.checked("endpoint_url", check_server),
        ca_bundle=given.text("ca_bundle"),
        validate_certs=request.validate_certs,
        ask_code=ask_code,
    )


def _refuse_half_keys(request: TargetRequest, named: FieldNames) -> None:
    access, secret, token = named("access_key"), named("secret_key"), named("session_token")
    if bool(request.access_key) != bool(request.secret_key):
        given, missing = (access, secret) if request.access_key else (secret, access)
        raise InvalidValue(given, "…", "requires " + missing, remedy="set " + missing + " too")
    if request.session_token and not request.access_key:
        raise InvalidValue(token, "…", "requires " + access, remedy="set the keys that it belongs to")
    if request.access_key and request.profile:
        raise InvalidValue(
            named("profile"), request.profile, "cannot be combined with " + access, remedy="omit one of them"
        )


def _connection(request: TargetRequest, given: _Given, user_agent: str) -> ConnectionOptions:
    named = given.named
    if request.insecure_skip_tls_verify and request.certificate_authority:
        raise InvalidValue(
            named("certificate_authority"),
            request.certificate_authority,
            "cannot be combined with " + named("insecure_skip_tls_verify"),
            remedy="omit one of them",
        )
    return ConnectionOptions(
        kubeconfig=given.text("kubeconfig"),
        context=given.text("context"),
        cluster=given.text("cluster"),
        user=given.text("user"),
        server=given.checked("server", check_server),
        token=given.checked("token", check_token),
        certificate_authority=given.text("certificate_authority"),
        client_certificate=given.text("client_certificate"),
        client_key=given.text("client_key"),
        tls_server_name=given.text("tls_server_name"),
        insecure_skip_tls_verify=request.insecure_skip_tls_verify,
        as_user=given.text("as_user"),
        as_groups=tuple(_text(group, named("as_groups")) for group in request.as_groups),
        as_uid=given.text("as_uid"),
        as_user_extra=tuple(
            check_extra(_text(pair, named("as_user_extra")), named("as_user_extra"))
            for pair in request.as_user_extra
        ),
        namespace=given.checked("namespace", names.check_namespace),
        request_timeout=seconds(request.request_timeout, named("request_timeout"), WAIT_SECONDS),
        user_agent=user_agent,
    )
