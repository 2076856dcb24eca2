# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the modules, as argument specs: each room of them once.

In Python 3.8's syntax and with the standard library alone: see requirements.py.
Source: https://docs.ansible.com/ansible/latest/dev_guide/developing_program_flow_modules.html#argument-spec
"""

from __future__ import annotations

from ..identity.keys import DEFAULT_AUDIENCE, FIELD_MANAGER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Spec = dict[str, dict[str, Any]]

# As amazon.aws names them. No environment variable is read here: what the kubeconfig says comes before it.
AWS_ARGUMENTS: Spec = {
    "cluster_name": {"type": "str"},
    "region": {"type": "str"},
    "profile": {"type": "str"},
    "access_key": {"type": "str", "no_log": False},
    "secret_key": {"type": "str", "no_log": True},
    "session_token": {"type": "str", "no_log": True},
    "endpoint_url": {"type": "str"},
    "aws_ca_bundle": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
    "request_timeout": {"type": "str"},
    "timeout": {"type": "str", "default": "2m"},
}

# As kubernetes.core names them, but for k8s_validate_certs: AWS has a validate_certs too.
K8S_ARGUMENTS: Spec = {
    "kubeconfig": {"type": "path"},
    "context": {"type": "str"},
    "host": {"type": "str"},
    "api_key": {"type": "str", "no_log": True},
    "ca_cert": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path", "no_log": False},
    "tls_server_name": {"type": "str"},
    "k8s_validate_certs": {"type": "bool", "default": True},
    "impersonate_user": {"type": "str"},
    "impersonate_groups": {"type": "list", "elements": "str", "default": []},
    "impersonate_uid": {"type": "str"},
}

# What may be said of one ServiceAccount, in a task or in an item of service_accounts.
SERVICE_ACCOUNT_ARGUMENTS: Spec = {
    "namespace": {"type": "str"},
    "policies": {"type": "list", "elements": "raw"},
    "policies_absent": {"type": "list", "elements": "str"},
    "purge_policies": {"type": "bool"},
    "role_name": {"type": "str"},
    "role_name_style": {"type": "str", "choices": ["derived", "gen3"]},
    "path": {"type": "str"},
    "permissions_boundary": {"type": "str"},
    "remove_permissions_boundary": {"type": "bool"},
    "tags": {"type": "dict"},
    "remove_tags": {"type": "list", "elements": "str"},
    "description": {"type": "str"},
    "max_session_duration": {"type": "str"},
    "audience": {"type": "str"},
    "create_namespace": {"type": "bool"},
    "sts_regional_endpoints": {"type": "bool"},
    "token_expiration": {"type": "str", "no_log": False},
    "field_manager": {"type": "str"},
    "create_oidc_provider": {"type": "bool"},
    "adopt": {"type": "bool"},
    "replace_trust": {"type": "bool"},
    "rebind": {"type": "bool"},
    "force_conflicts": {"type": "bool"},
    "wait": {"type": "bool"},
    "wait_timeout": {"type": "str"},
    "keep_role": {"type": "bool"},
    "keep_service_account": {"type": "bool"},
}

# What the command line calls otherwise, dashes aside.
RENAMED = {
    "as": "impersonate_user",
    "as_group": "impersonate_groups",
    "as_uid": "impersonate_uid",
    "certificate_authority": "ca_cert",
    "client_certificate": "client_cert",
    "insecure_skip_tls_verify": "k8s_validate_certs",
    "policy": "policies",
    "purge": "purge_policies",
    "remove_tag": "remove_tags",
    "server": "host",
    "tag": "tags",
    "token": "api_key",
}

DEFAULTS: dict[str, Any] = {
    "role_name_style": "derived",
    "audience": DEFAULT_AUDIENCE,
    "field_manager": FIELD_MANAGER,
    "wait_timeout": "60s",
    **{
        name: False
        for name, option in SERVICE_ACCOUNT_ARGUMENTS.items()
        if option["type"] == "bool" and name != "sts_regional_endpoints"
    },
    **{name: [] for name, option in SERVICE_ACCOUNT_ARGUMENTS.items() if option["type"] == "list"},
    "tags": {},
}

INFO_ARGUMENTS: Spec = {
    "name": {"type": "str"},
    "namespace": {"type": "str"},
    "all_namespaces": {"type": "bool", "default": False},
    "role_name": {"type": "str"},
    "role_name_style": {"type": "str", "choices": ["derived", "gen3"], "default": "derived"},
    "verify": {"type": "bool", "default": False},
    "doctor": {"type": "bool", "default": False},
}

PROVIDER_ARGUMENTS: Spec = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "issuer_url": {"type": "str"},
    "audiences": {"type": "list", "elements": "str", "default": [DEFAULT_AUDIENCE]},
    "purge_audiences": {"type": "bool", "default": False},
    "tags": {"type": "dict", "default": {}},
    "purge_tags": {"type": "bool", "default": False},
    "force": {"type": "bool", "default": False},
}

PROVIDER_INFO_ARGUMENTS: Spec = {"issuer_url": {"type": "str"}}


def service_account_arguments() -> Spec:
    """Of a task: one ServiceAccount by name, or many, for which the rest of the task holds."""
    with_defaults = {
        name: {**option, "default": DEFAULTS[name]} if name in DEFAULTS else option
        for name, option in SERVICE_ACCOUNT_ARGUMENTS.items()
    }
    return {
        "name": {"type": "str"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        **with_defaults,
        "service_accounts": {
            "type": "list",
            "elements": "dict",
            "options": {
                "name": {"type": "str", "required": True},
                "state": {"type": "str", "choices": ["present", "absent"]},
                **SERVICE_ACCOUNT_ARGUMENTS,
            },
        },
    }
