# SPDX-License-Identifier: GPL-3.0-or-later

"""The argument specs of the modules.

Python 3.8's syntax and the standard library only: see requirements.py.
Source: https://docs.ansible.com/ansible/latest/dev_guide/developing_program_flow_modules.html#argument-spec
"""

from __future__ import annotations

from ansible.module_utils.basic import env_fallback

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


def _k8s(kind: str, variable: str = "", *aliases: str, **more: Any) -> dict[str, Any]:
    """Return the spec of an option of kubernetes.core, with its variable (read on the target) and aliases."""
    fallback = {"fallback": (env_fallback, [f"K8S_AUTH_{variable}"])} if variable else {}
    return {"type": kind, **fallback, **({"aliases": list(aliases)} if aliases else {}), **more}


# Named as in kubernetes.core, except k8s_validate_certs: validate_certs is for AWS.
# Source: https://docs.ansible.com/ansible/latest/collections/kubernetes/core/k8s_module.html
K8S_ARGUMENTS: Spec = {
    "kubeconfig": _k8s("path", "KUBECONFIG"),
    "context": _k8s("str", "CONTEXT"),
    "host": _k8s("str", "HOST"),
    "api_key": _k8s("str", "API_KEY", no_log=True),
    "ca_cert": _k8s("path", "SSL_CA_CERT", "ssl_ca_cert"),
    "client_cert": _k8s("path", "CERT_FILE", "cert_file"),
    "client_key": _k8s("path", "KEY_FILE", "key_file", no_log=False),
    "tls_server_name": _k8s("str"),
    "k8s_validate_certs": _k8s("bool", "VERIFY_SSL", "verify_ssl", default=True),
    "impersonate_user": _k8s("str", "IMPERSONATE_USER"),
    "impersonate_groups": _k8s("list", "IMPERSONATE_GROUPS", elements="str", default=[]),
    "impersonate_uid": _k8s("str"),
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
