# SPDX-License-Identifier: GPL-3.0-or-later

"""Maps the fields of a request to the options of a task."""

from __future__ import annotations

# Named as in kubernetes.core and amazon.aws, lists in the plural.
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
    """Return the option for `field`."""
    return _OPTIONS.get(field, field)


def named(field: str) -> str:
    """Return the name of the option for an error message.

    k8s_validate_certs is always set, so the message includes the value that causes the error.
    """
    option = option_of(field)
    return f"{option}: false" if option == "k8s_validate_certs" else option
