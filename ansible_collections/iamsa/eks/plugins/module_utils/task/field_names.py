# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task calls the fields of a request."""

from __future__ import annotations

# As kubernetes.core and amazon.aws name them, or in the plural where they are lists.
_OPTIONS = {
    "as_groups": "impersonate_groups",
    "as_uid": "impersonate_uid",
    "as_user": "impersonate_user",
    "ca_bundle": "aws_ca_bundle",
    "certificate_authority": "ca_cert",
    "client_certificate": "client_cert",
    "insecure_skip_tls_verify": "k8s_validate_certs",
    "purge": "purge_policies",
    "server": "host",
    "token": "api_key",
}


def option_of(field: str) -> str:
    """The option that says it."""
    return _OPTIONS.get(field, field)


def named(field: str) -> str:
    """What a refusal calls it: an option that is there in any case, with the value that is meant."""
    option = option_of(field)
    return f"{option}: false" if option == "k8s_validate_certs" else option
