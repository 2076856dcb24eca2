# SPDX-License-Identifier: GPL-3.0-or-later

"""The argument specs of the modules.

Python 3.8's syntax and the standard library only: see requirements.py.
Source: https://docs.ansible.com/ansible/latest/dev_guide/developing_program_flow_modules.html#argument-spec
"""

from __future__ import annotations

from ..identity.keys import DEFAULT_AUDIENCE, FIELD_MANAGER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Spec = dict[str, dict[str, Any]]

# Named as in amazon.aws, with the same aliases. No fallback to environment variables: the kubeconfig takes
# precedence over them.
AWS_ARGUMENTS: Spec = {
    "cluster_name": {"type": "str"},
    "region": {"type": "str", "aliases": ["aws_region"]},
    "profile": {"type": "str", "aliases": ["aws_profile"]},
    "access_key": {"type": "str", "no_log": False, "aliases": ["aws_access_key_id", "aws_access_key"]},
    "secret_key": {"type": "str", "no_log": True, "aliases": ["aws_secret_access_key", "aws_secret_key"]},
    "session_token": {"type": "str", "no_log": True, "aliases": ["aws_session_token"]},
    "endpoint_url": {"type": "str", "aliases": ["aws_endpoint_url"]},
    "aws_ca_bundle": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
    "request_timeout": {"type": "str"},
    "timeout": {"type": "str", "default": "2m"},
}

# Named as in kubernetes.core, except k8s_validate_certs: validate_certs is for AWS.
# Source: https://docs.ansible.com/ansible/latest/collections/kubernetes/core/k8s_module.html
K8S_ARGUMENTS: Spec = {
    "kubeconfig": {"type": "path"},
    "context": {"type": "str"},
    "host": {"type": "str"},
    "api_key": {"type": "str", "no_log": True},
    "ca_cert": {"type": "path", "aliases": ["ssl_ca_cert"]},
    "client_cert": {"type": "path", "aliases": ["cert_file"]},
    "client_key": {"type": "path", "aliases": ["key_file"], "no_log": False},
    "tls_server_name": {"type": "str"},
    "k8s_validate_certs": {"type": "bool", "aliases": ["verify_ssl"], "default": True},
    "impersonate_user": {"type": "str"},
    "impersonate_groups": {"type": "list", "elements": "str", "default": []},
    "impersonate_uid": {"type": "str"},
}

# The variables of kubernetes.core, which are read on the target.
_K8S_VARIABLES = {
    "kubeconfig": "KUBECONFIG",
    "context": "CONTEXT",
    "host": "HOST",
    "api_key": "API_KEY",
    "ca_cert": "SSL_CA_CERT",
    "client_cert": "CERT_FILE",
    "client_key": "KEY_FILE",
    "k8s_validate_certs": "VERIFY_SSL",
    "impersonate_user": "IMPERSONATE_USER",
    "impersonate_groups": "IMPERSONATE_GROUPS",
}

# Options of a ServiceAccount, in a task or in an item of service_accounts.
SERVICE_ACCOUNT_ARGUMENTS: Spec = {
    "namespace": {"type": "str"},
    "policies": {"type": "list", "elements": "raw", "aliases": ["managed_policies"]},
    "policies_absent": {"type": "list", "elements": "str"},
    "purge_policies": {"type": "bool"},
    "role_name": {"type": "str"},
    "role_name_style": {"type": "str", "choices": ["derived", "gen3"]},
    "path": {"type": "str"},
    "permissions_boundary": {"type": "str", "aliases": ["boundary"]},
    "remove_permissions_boundary": {"type": "bool"},
    "tags": {"type": "dict", "aliases": ["resource_tags"]},
    "remove_tags": {"type": "list", "elements": "str"},
    "purge_tags": {"type": "bool"},
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

# Options whose name differs from that of the command's flag, apart from dashes.
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


def k8s_arguments(env_fallback: Any) -> Spec:
    """Return K8S_ARGUMENTS with their variables. The function is Ansible's, which this file never imports."""
    return {
        name: {**option, "fallback": (env_fallback, [f"K8S_AUTH_{_K8S_VARIABLES[name]}"])}
        if name in _K8S_VARIABLES
        else option
        for name, option in K8S_ARGUMENTS.items()
    }


def service_account_arguments() -> Spec:
    """Return the argument spec of iam_serviceaccount, without the options for AWS and Kubernetes."""
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
