# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where to work, from a module's options: the cluster, both sides' credentials, and for how long."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..aws.options import AwsOptions
from ..aws.session import AwsSession
from ..cluster.access import Access
from ..cluster.locate import locate
from ..cluster.target import Where
from ..deadline import Deadline
from ..errors import InvalidValue
from ..kube.config.options import ConnectionOptions, check_server, check_token
from ..model import names, values
from .options import checked, seconds, text
from .words import in_words

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

USER_AGENT = "ansible-iamsa"
WAIT_SECONDS = (1, 3600)
# What each further ServiceAccount of a task may take on top of the time that is set.
SECONDS_FOR_EACH_MORE = 10


def opened(module: AnsibleModule, *, accounts: int = 1) -> Access:
    """The way to both sides; nothing is asked of them yet, but for a session that MFA was needed for.

    Raises:
        InvalidValue: an option that cannot be right.
        Unlocated: cluster or region cannot be told.
    """
    params = module.params
    where = where_of(params)
    access = locate(where, os.environ, deadline_of(params, accounts=accounts))
    for notice in access.notices:
        module.warn(in_words(notice))
    access.log_in()
    return access


def deadline_of(params: Mapping[str, Any], *, accounts: int = 1) -> Deadline:
    limit = values.parse_duration(params["timeout"], "timeout", *WAIT_SECONDS)
    return Deadline(limit + SECONDS_FOR_EACH_MORE * max(0, accounts - 1))


def where_of(params: Mapping[str, Any]) -> Where:
    """What the options say about where to work."""
    return Where(
        cluster_name=checked(params, "cluster_name", names.check_cluster_name),
        region=checked(params, "region", names.check_region),
        profile=text(params, "profile"),
        aws=aws_options(params),
        connection=_connection(params),
    )


def aws_options(params: Mapping[str, Any]) -> AwsOptions:
    """Raises InvalidValue where one half of a pair of keys is missing."""
    if bool(params["access_key"]) != bool(params["secret_key"]):
        given, missing = (
            ("access_key", "secret_key") if params["access_key"] else ("secret_key", "access_key")
        )
        raise InvalidValue(given, "…", f"has no use without {missing}", remedy=f"give {missing} as well")
    if params["session_token"] and not params["access_key"]:
        raise InvalidValue(
            "session_token", "…", "has no use without access_key", remedy="give the keys it belongs to"
        )
    if params["access_key"] and params["profile"]:
        raise InvalidValue(
            "profile", params["profile"], "contradicts access_key", remedy="leave one of the two out"
        )
    return AwsOptions(
        access_key=text(params, "access_key"),
        secret_key=params["secret_key"] or None,
        session_token=params["session_token"] or None,
        endpoint_url=checked(params, "endpoint_url", check_server),
        ca_bundle=text(params, "aws_ca_bundle"),
        validate_certs=params["validate_certs"],
    )


def aws_session(params: Mapping[str, Any], deadline: Deadline) -> AwsSession:
    """The AWS side alone, for what has nothing to do with Kubernetes."""
    where = where_of(params)
    session = AwsSession(
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


def _connection(params: Mapping[str, Any]) -> ConnectionOptions:
    insecure = params.get("k8s_validate_certs") is False
    if insecure and params.get("ca_cert"):
        raise InvalidValue(
            "ca_cert",
            params["ca_cert"],
            "has no use without k8s_validate_certs",
            remedy="leave one of the two out",
        )
    return ConnectionOptions(
        kubeconfig=text(params, "kubeconfig"),
        context=text(params, "context"),
        server=checked(params, "host", check_server),
        token=checked(params, "api_key", check_token),
        certificate_authority=text(params, "ca_cert"),
        client_certificate=text(params, "client_cert"),
        client_key=text(params, "client_key"),
        tls_server_name=text(params, "tls_server_name"),
        insecure_skip_tls_verify=insecure,
        as_user=text(params, "impersonate_user"),
        as_groups=tuple(
            values.check_text(group, "impersonate_groups", 4096)
            for group in params.get("impersonate_groups") or ()
        ),
        as_uid=text(params, "impersonate_uid"),
        namespace=checked(params, "namespace", names.check_namespace),
        request_timeout=seconds(params, "request_timeout", WAIT_SECONDS),
        user_agent=USER_AGENT,
    )
