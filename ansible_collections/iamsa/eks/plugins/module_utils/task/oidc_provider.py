# SPDX-License-Identifier: GPL-3.0-or-later

"""The jobs of the modules iam_oidc_provider and iam_oidc_provider_info."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ..aws.eks import Eks
from ..aws.session import AwsSession
from ..aws.sts import Sts
from ..cluster.eks_cluster import EksCluster
from ..deadline import Deadline
from ..documents.provider import provider_document, settings_part
from ..documents.steps import step_documents
from ..errors import IamsaError
from ..identity.cluster import host_and_path
from ..jobs.oidc_provider import ensure_provider
from ..model.names import check_cluster_name
from ..model.provider import ProviderOutcome, check_issuer_url
from ..model.role import Provider
from ..model.steps.provider import ProviderStep
from ..observe.oidc_provider import (
    IamAccess,
    Issuer,
    given_issuer,
    issuer_of_cluster,
    read_provider,
    read_providers,
)
from ..request.provider import ProviderRequest, provider_spec
from .difference import difference
from .failures import error_result
from .field_names import named
from .running import Failed
from .scalar import scalar
from .target import aws_session, deadline_of
from .words import in_words


def provider_job(module: AnsibleModule) -> dict[str, Any]:
    """Check all options, then create, change or delete the provider."""
    params = module.params
    spec = provider_spec(
        ProviderRequest(
            params["audiences"],
            params["purge_audiences"],
            [(str(key), scalar(value)) for key, value in params["tags"].items()],
            params["purge_tags"],
        ),
        named,
    )
    issuer, aws = _issuer_and_aws(params)
    done = list[ProviderStep]()
    try:
        outcome = ensure_provider(
            spec if params["state"] == "present" else None,
            issuer,
            aws,
            done.append,
            force=params["force"],
            dry_run=module.check_mode,
        )
    except IamsaError as error:
        raise Failed(error_result(error, done)) from error
    return _result(outcome)


def provider_info_job(module: AnsibleModule) -> dict[str, Any]:
    """Return the provider of one issuer, or all providers of the account."""
    params = module.params
    if params["cluster_name"] or params["issuer_url"]:
        found = read_provider(*_issuer_and_aws(params)).provider
        providers = [found] if found else []
    else:
        providers = [*read_providers(IamAccess.of(*_session(params)))]
    return {"changed": False, "oidc_providers": [provider_document(provider) for provider in providers]}


def _session(params: Mapping[str, Any]) -> tuple[AwsSession, Deadline]:
    deadline = deadline_of(params)
    return aws_session(params, deadline), deadline


def _issuer_and_aws(params: Mapping[str, Any]) -> tuple[Issuer, IamAccess]:
    """Use issuer_url if both are set: cluster_name may come from module_defaults."""
    if params["issuer_url"] is not None:
        url = check_issuer_url(params["issuer_url"], named("issuer_url"))
        session, deadline = _session(params)
        issuer = given_issuer(url, Sts(session).home)
    else:
        name = check_cluster_name(params["cluster_name"], named("cluster_name"))
        session, deadline = _session(params)
        issuer = issuer_of_cluster(EksCluster(Eks(session), name).describe)
    return issuer, IamAccess.of(session, deadline)


def _result(outcome: ProviderOutcome) -> dict[str, Any]:
    title = f"oidc-provider/{host_and_path(outcome.issuer)}"
    return {
        "changed": outcome.changed,
        "oidc_provider": provider_document(outcome.provider) if outcome.provider else None,
        "oidc_provider_arn": outcome.provider.arn if outcome.provider else None,
        "steps": step_documents(outcome.steps),
        "diff": difference({title: _shown(outcome.before)}, {title: _shown(outcome.provider)}),
        "warnings": [in_words(notice) for notice in outcome.notices],
    }


def _shown(provider: Provider | None) -> dict[str, Any] | None:
    return settings_part(provider) if provider else None
