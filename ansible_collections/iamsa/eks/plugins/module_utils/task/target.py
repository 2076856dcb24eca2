# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the cluster, the credentials and the time limit from the options of a module."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from ..aws.open_session import open_session
from ..aws.session import AwsSession
from ..cluster.target import Where
from ..deadline import Deadline
from ..request.durations import run_seconds
from ..request.target import TargetRequest, target
from .field_names import named, option_of

if TYPE_CHECKING:
    pass

USER_AGENT = "ansible-iamsa"


# Added to the time limit for each ServiceAccount of the task after the first.
SECONDS_FOR_EACH_MORE = 10


def deadline_of(params: Mapping[str, Any], *, service_accounts: int = 1) -> Deadline:
    limit = run_seconds(params["timeout"], named("timeout"))
    return Deadline(limit + SECONDS_FOR_EACH_MORE * max(0, service_accounts - 1))


def where_of(params: Mapping[str, Any]) -> Where:
    """Return the cluster and the credentials. The OIDC provider modules have only the options for AWS."""
    options = {field.name: option_of(field.name) for field in fields(TargetRequest)}
    values = {field: params[option] for field, option in options.items() if params.get(option) is not None}
    insecure = params.get("k8s_validate_certs") is False
    return target(TargetRequest(**{**values, "insecure_skip_tls_verify": insecure}), named, USER_AGENT)


def aws_session(params: Mapping[str, Any], deadline: Deadline) -> AwsSession:
    """Open a session for modules that do not use Kubernetes."""
    where = where_of(params)
    session = open_session(
        where.region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
        where.profile,
        deadline,
        profile_source="profile",
        request_timeout=where.connection.request_timeout,
        user_agent=USER_AGENT,
        options=where.aws,
    )
    session.log_in()
    return session
