# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps that bind a ServiceAccount to its role by annotations: pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ...errors import NotFound, Refused, excerpt, quoted
from ...identity.account import RoleHome
from ...identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_MARKER,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_STS_REGIONAL,
    ANNOTATION_TOKEN_EXPIRATION,
    DEFAULT_AUDIENCE,
)
from ...identity.subject import service_account_ref
from ...model.desired import Desired
from ...model.observed import ClusterFacts, Observed, ServiceAccount
from ...model.steps.kubernetes import AnnotateServiceAccount, CreateServiceAccount, ServiceAccountStep
from ...model.steps.provider import AddAudience, CreateProvider
from ...model.steps.step import Step
from ...model.target import BindingTarget, Target
from ...model.values import is_audience
from ...policy.limits import AUDIENCES_PER_PROVIDER
from ...trust.statements import read_trust
from ...trust.web_identity import WebIdentityGrant, audience_of
from ...wording.text import Option
from ..service_account import BEFORE_FIRST_APPLY, owners_of, refuse_deleting, service_account_steps

if TYPE_CHECKING:
    from ...model.pods import Pod


def resolve(desired: Desired, usual: WebIdentityGrant, observed: Observed, role_arn: str) -> BindingTarget:
    """The binding to the role `role_arn`. `usual` is the grant with the requested or the default audience."""
    audience = _audience(desired, usual, observed)
    service_account = observed.service_accounts.get(desired.subject)
    there = service_account.annotations if service_account else {}
    return BindingTarget(
        grant=replace(usual, audience=audience),
        annotations=_annotations(desired, role_arn, audience),
        audience=audience,
        resists=bool(there.get(ANNOTATION_ROLE_ARN)) or there.get(ANNOTATION_AUDIENCE, audience) != audience,
    )


def _audience(desired: Desired, usual: WebIdentityGrant, observed: Observed) -> str:
    """The requested audience; otherwise the one in use if it is valid; otherwise the default."""
    if desired.role.audience is not None:
        return desired.role.audience
    service_account = observed.service_accounts.get(desired.subject)
    annotations = service_account.annotations if service_account else {}
    annotated = annotations.get(ANNOTATION_AUDIENCE)
    # An invalid audience is not kept: planning refuses it, or overwrites it with force_conflicts.
    used = annotated if annotated is not None and is_audience(annotated) else None
    # Without an audience annotation, pods' tokens have the default one, even if the role trusts another.
    if used is None and observed.role and (annotated is not None or ANNOTATION_ROLE_ARN not in annotations):
        ours = read_trust(observed.role.trust, usual).ours
        used = next(filter(None, (audience_of(statement) for statement in ours)), None)
    return used or desired.audience


def _annotations(desired: Desired, role_arn: str, audience: str) -> Mapping[str, str]:
    """The annotations that the webhook must read."""
    wanted = {ANNOTATION_ROLE_ARN: role_arn}
    if audience != DEFAULT_AUDIENCE:
        wanted[ANNOTATION_AUDIENCE] = audience
    if desired.service_account.sts_regional_endpoints is not None:
        wanted[ANNOTATION_STS_REGIONAL] = str(desired.service_account.sts_regional_endpoints).lower()
    if desired.service_account.token_expiration is not None:
        wanted[ANNOTATION_TOKEN_EXPIRATION] = str(desired.service_account.token_expiration)
    return wanted


def provider_steps(target: Target, cluster: ClusterFacts) -> Iterator[CreateProvider | AddAudience]:
    """Create the provider of the cluster's issuer, or add the audience to its ClientIDList.

    Raises:
        NotFound: one of them is missing, and `create_oidc_provider` is not set.
        Refused: the provider already has as many audiences as IAM allows.
    """
    audience, issuer, provider = target.binding.audience, cluster.cluster.issuer, cluster.provider
    allowed = target.overrides.create_oidc_provider
    if provider is None:
        creation = CreateProvider(issuer, (audience,))
        if not allowed:
            raise NotFound(
                f"account {cluster.home.account} has no OIDC provider for the issuer {issuer} of cluster"
                f" {cluster.cluster.name}",
                remedy="add " + Option("create_oidc_provider") + " to create it",
                resource=creation.target,
            )
        yield creation
    elif audience not in provider.audiences:
        addition = AddAudience(issuer, audience)
        if not allowed:
            raise NotFound(
                f"the OIDC provider {provider.arn} does not list the audience {audience}",
                remedy="add " + Option("create_oidc_provider") + " to add it to the provider",
                resource=addition.target,
            )
        if len(provider.audiences) >= AUDIENCES_PER_PROVIDER:
            raise Refused(
                f"cannot add the audience {audience} to the OIDC provider {provider.arn}: it has"
                f" {len(provider.audiences)} audiences, and IAM allows at most {AUDIENCES_PER_PROVIDER}",
                remedy="remove an unused audience, or set " + Option("audience") + " to one that it has",
                resource=addition.target,
            )
        yield addition


def bind(target: Target, cluster: ClusterFacts, observed: Observed) -> Iterator[ServiceAccountStep]:
    """One step for each ServiceAccount that is missing or has other annotations.

    Raises:
        Refused: its annotations contradict the request, or another field manager owns one that would change.
    """
    for binding in target.asked.bindings:
        service_account = observed.service_accounts.get(binding.subject)
        if service_account:
            _refuse_contradictions(target, cluster.home, service_account)
        wanted = _with_audience(target, service_account)
        yield from service_account_steps(target, cluster.cluster, binding.subject, service_account, wanted)


def stale_pods(steps: Iterable[Step]) -> Callable[[Pod], bool] | None:
    """Pods keep the settings that the webhook injected when they were created."""
    for step in steps:
        match step:
            case CreateServiceAccount():
                return _told_otherwise(step.annotations)
            case AnnotateServiceAccount():
                return _told_otherwise(step.changed)
    return None


def _told_otherwise(written: Mapping[str, str]) -> Callable[[Pod], bool] | None:
    """Pods with another role or without one; all pods if more than the role changes."""
    if not written:
        return None
    others = written.keys() - {ANNOTATION_ROLE_ARN, ANNOTATION_MARKER}
    role = None if others else written.get(ANNOTATION_ROLE_ARN)
    return lambda pod: not role or all(one.role != role for one in pod.spec.containers)


def _with_audience(target: Target, service_account: ServiceAccount | None) -> Mapping[str, str]:
    """An audience annotation that exists is written again, even if it is the default."""
    wanted = target.binding.annotations
    if service_account is None or ANNOTATION_AUDIENCE not in service_account.annotations:
        return wanted
    return {**wanted, ANNOTATION_AUDIENCE: target.binding.audience}


def _refuse_contradictions(target: Target, home: RoleHome, service_account: ServiceAccount) -> None:
    refuse_deleting(service_account)
    subject, force, wanted = (
        service_account.subject,
        target.overrides.force_conflicts,
        target.binding.audience,
    )
    manager = target.asked.service_account.field_manager
    audience = service_account.annotations.get(ANNOTATION_AUDIENCE)
    if audience is not None and audience != wanted and not force:
        keep = "use " + Option("audience", audience) + ", or " if is_audience(audience) else ""
        raise Refused(
            f"serviceaccount {subject} has the annotation {ANNOTATION_AUDIENCE}={quoted(excerpt(audience))}"
            f"{_owned(service_account, ANNOTATION_AUDIENCE, manager)}, but this run would use the audience"
            f" {wanted}",
            remedy=keep + "add " + Option("force_conflicts") + " to overwrite it",
            resource=service_account_ref(subject),
        )
    named = service_account.annotations.get(ANNOTATION_ROLE_ARN)
    # An ARN with a missing or different path still means this role. Its field manager decides who owns it.
    if named and not home.names(named, target.role.name) and not force:
        # A value that is not the ARN of a role in this account cannot be kept without role_name either.
        can_stay = target.asked.role.name and home.role_named(named)
        raise Refused(
            f"serviceaccount {subject} is already bound to another role, {quoted(excerpt(named))}"
            f"{_owned(service_account, ANNOTATION_ROLE_ARN, manager)}",
            remedy="add "
            + Option("force_conflicts")
            + f" to bind it to {target.role.arn} instead"
            + (", or omit " + Option("role_name") + " to keep the other role" if can_stay else ""),
            resource=service_account_ref(subject),
        )


def _owned(service_account: ServiceAccount, key: str, ours: str) -> str:
    """The other field managers of an annotation, in parentheses, or ""."""
    others = owners_of(service_account, key) - {ours, BEFORE_FIRST_APPLY}
    return f" (field manager {', '.join(sorted(others))})" if others else ""
