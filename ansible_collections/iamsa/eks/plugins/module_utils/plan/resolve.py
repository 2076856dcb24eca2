# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The trust, role and ServiceAccount that Desired means: plan compares with them, manifests print them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..identity.account import RoleHome
from ..identity.arn import Arn, parse_role_arn
from ..identity.cluster import ClusterRef
from ..identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_RECORD,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_STS_REGIONAL,
    ANNOTATION_TOKEN_EXPIRATION,
    DEFAULT_AUDIENCE,
    DEFAULT_MAX_SESSION,
    DEFAULT_PATH,
    TAG_BOUNDARY,
    boundary_tag,
)
from ..model.desired import Desired, RoleSpec
from ..model.names import derived_role_name, gen3_role_name
from ..model.observed import ClusterFacts, Observed, ServiceAccount
from ..model.role import Role
from ..model.values import is_audience
from ..trust.statements import Grant, audience_of, read_trust, trust_policy
from .ownership import ownership_tags


@dataclass(frozen=True)
class RoleChoice:
    """Which role is meant, and whether the ServiceAccount's annotation is what says so."""

    name: str
    by_annotation: bool = False


def choose_role(desired: Desired, facts: ClusterFacts, account: ServiceAccount | None) -> RoleChoice:
    """The asked name; else the role that the annotation names in this account; else the derived name.

    The annotation that counts is the one that pods see, else the one that a delete leaves while it goes on.
    """
    if desired.role.name:
        return RoleChoice(desired.role.name)
    annotated = annotated_role(account, facts.home)
    if annotated:
        return RoleChoice(annotated.name, by_annotation=True)
    return RoleChoice(default_role_name(desired, facts.home, facts.cluster))


def annotated_role(account: ServiceAccount | None, home: RoleHome) -> Arn | None:
    """The role of this account that the ServiceAccount names, if it names one."""
    named = account.annotations if account else {}
    arn = parse_role_arn(named.get(ANNOTATION_ROLE_ARN) or named.get(ANNOTATION_RECORD, ""))
    return arn if arn and (arn.partition, arn.account) == (home.partition, home.account) else None


def names_role(text: str, home: RoleHome, name: str) -> bool:
    """Whether an annotation means the role `name` of this account, also where its path is wrong or missing.

    Names of roles are unique within an account, whatever their paths.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    arn = parse_role_arn(text)
    return arn is not None and (arn.partition, arn.account, arn.name) == (home.partition, home.account, name)


def default_role_name(desired: Desired, home: RoleHome, cluster: ClusterRef) -> str:
    """The name of a role that nobody has named."""
    subject = desired.subject
    if desired.role.name_style == "gen3":
        return gen3_role_name(cluster.name, subject.name)
    return derived_role_name(home.account, cluster.region, cluster.name, subject)


def settled(desired: Desired, facts: ClusterFacts, observed: Observed) -> Desired:
    """`desired` with what is to hold of a role that has to be made, and with the audience that is in use,
    where none is asked for."""
    if observed.role is None:
        desired = replace(desired, role=made_anew(desired.role))
    if desired.role.audience is not None:
        return desired
    account = observed.service_accounts.get(desired.subject)
    annotations = account.annotations if account else {}
    annotated = annotations.get(ANNOTATION_AUDIENCE)
    # What no token can be accepted for is not kept: planning refuses it, or overwrites it on request.
    used = annotated if annotated is not None and is_audience(annotated) else None
    # With the role's annotation alone, the pods' tokens are for the usual audience, whatever the trust says.
    if used is None and observed.role and (annotated is not None or ANNOTATION_ROLE_ARN not in annotations):
        ours = read_trust(observed.role.trust, grant_for(desired, facts)).ours
        used = next(filter(None, (audience_of(statement) for statement in ours)), None)
    return replace(desired, role=replace(desired.role, audience=used or desired.audience))


def made_anew(spec: RoleSpec) -> RoleSpec:
    """The role as it is asked for, where it has to be made."""
    return replace(
        spec,
        path=spec.path or spec.if_new.path,
        permissions_boundary=spec.if_new.permissions_boundary
        if spec.permissions_boundary is None
        else spec.permissions_boundary,
        tags={**spec.if_new.tags, **spec.tags},
    )


def grant_for(desired: Desired, facts: ClusterFacts, issuer: str | None = None) -> Grant:
    """What our trust statement says; with `issuer`, what it said while that was the cluster's issuer."""
    issuer = issuer or facts.cluster.issuer
    return Grant(
        provider_arn=facts.home.provider_arn(issuer),
        issuer=issuer,
        audience=desired.audience,
        subjects=tuple(binding.subject for binding in desired.bindings),
    )


def role_target(desired: Desired, facts: ClusterFacts, name: str) -> Role:
    """The role as CreateRole would make it."""
    spec = desired.role
    gen3 = spec.name_style == "gen3" and not spec.name
    path = spec.path or ("/" if gen3 else DEFAULT_PATH)
    return Role(
        name=name,
        path=path,
        arn=facts.home.role_arn(path, name),
        trust=trust_policy([grant_for(desired, facts).statement()]),
        tags=tags_target(desired, facts),
        permissions_boundary=spec.permissions_boundary or None,
        description=spec.description,
        max_session_duration=spec.max_session_duration or DEFAULT_MAX_SESSION,
    )


def tags_target(desired: Desired, facts: ClusterFacts) -> dict[str, str]:
    """The tags that the role must have, among others it may have."""
    boundary = desired.role.permissions_boundary
    recorded = {TAG_BOUNDARY: boundary_tag(boundary)} if boundary else {}
    return {**ownership_tags(facts.cluster, desired.subject), **recorded, **desired.role.tags}


def annotations_target(desired: Desired, role_arn: str) -> dict[str, str]:
    """The annotations that the webhook must find."""
    wanted = {ANNOTATION_ROLE_ARN: role_arn}
    if desired.audience != DEFAULT_AUDIENCE:
        wanted[ANNOTATION_AUDIENCE] = desired.audience
    if desired.service_account.sts_regional_endpoints is not None:
        wanted[ANNOTATION_STS_REGIONAL] = str(desired.service_account.sts_regional_endpoints).lower()
    if desired.service_account.token_expiration is not None:
        wanted[ANNOTATION_TOKEN_EXPIRATION] = str(desired.service_account.token_expiration)
    return wanted
