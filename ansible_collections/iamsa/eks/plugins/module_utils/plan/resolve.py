# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Desired means for what was read: plan compares the target with it, manifests print it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

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
from ..identity.ownership import ownership_tags
from ..model.desired import Desired, RoleSpec
from ..model.names import derived_role_name, gen3_role_name
from ..model.observed import ClusterFacts, Observed, ServiceAccount
from ..model.role import Role
from ..model.target import RoleChoice, Target
from ..model.values import is_audience
from ..trust.grant import Grant
from ..trust.statements import read_trust, trust_policy
from ..trust.web_identity import WebIdentityGrant, audience_of
from .recorded_boundary import restored_boundary


def choose_role(desired: Desired, facts: ClusterFacts, account: ServiceAccount | None) -> RoleChoice:
    """The asked name; else the role that the annotation names in this account; else the derived name.

    The annotation that counts is the one that pods see, else the one that a delete leaves while it goes on.
    """
    default = _default_name(desired, facts.home, facts.cluster)
    if desired.role.name:
        return RoleChoice(desired.role.name, default)
    annotated = annotated_role(account, facts.home)
    if annotated:
        return RoleChoice(annotated.name, default, by_annotation=True)
    return RoleChoice(default, default)


def annotated_role(account: ServiceAccount | None, home: RoleHome) -> Arn | None:
    """The role of this account that the ServiceAccount names, if it names one."""
    named = account.annotations if account else {}
    arn = parse_role_arn(named.get(ANNOTATION_ROLE_ARN) or named.get(ANNOTATION_RECORD, ""))
    return arn if arn and (arn.partition, arn.account) == (home.partition, home.account) else None


def without_role(desired: Desired, facts: ClusterFacts) -> Observed:
    """What is there where the ServiceAccount is missing and, as a rule, its role too."""
    subject = desired.subject
    return Observed(
        choose_role(desired, facts, None).name,
        role=None,
        service_accounts={subject: None},
        namespaces={subject.namespace: "active"},
    )


def _default_name(desired: Desired, home: RoleHome, cluster: ClusterRef) -> str:
    subject = desired.subject
    if desired.role.name_style == "gen3":
        return gen3_role_name(cluster.name, subject.name)
    return derived_role_name(home.account, cluster.region, cluster.name, subject)


def resolve(desired: Desired, facts: ClusterFacts, observed: Observed) -> Target:
    """All that a run is to lead to, from what is asked and what is there."""
    account, role = observed.service_accounts.get(desired.subject), observed.role
    annotated = annotated_role(account, facts.home)
    audience = _audience(desired, facts, observed)
    grant = replace(grant_of(desired, facts), audience=audience)
    made = _role(desired, facts, observed.role_name, role, grant)
    return Target(
        asked=desired,
        role=made,
        by_annotation=not desired.role.name and annotated is not None and annotated.name == made.name,
        audience=audience,
        grant=grant,
        policies=observed.policies,
        annotations=_annotations(desired, made.arn, audience),
    )


def grant_of(desired: Desired, facts: ClusterFacts) -> WebIdentityGrant:
    """What the trust policy must say, for the audience that is asked or else the usual one."""
    return WebIdentityGrant(
        provider_arn=facts.home.provider_arn(facts.cluster.issuer),
        issuer=facts.cluster.issuer,
        audience=desired.audience,
        subjects=tuple(binding.subject for binding in desired.bindings),
    )


def _audience(desired: Desired, facts: ClusterFacts, observed: Observed) -> str:
    """The one that is asked; else the one that is in use, if it can be kept."""
    if desired.role.audience is not None:
        return desired.role.audience
    account = observed.service_accounts.get(desired.subject)
    annotations = account.annotations if account else {}
    annotated = annotations.get(ANNOTATION_AUDIENCE)
    # What no token can be accepted for is not kept: planning refuses it, or overwrites it on request.
    used = annotated if annotated is not None and is_audience(annotated) else None
    # With the role's annotation alone, the pods' tokens are for the usual audience, whatever the trust says.
    if used is None and observed.role and (annotated is not None or ANNOTATION_ROLE_ARN not in annotations):
        ours = read_trust(observed.role.trust, grant_of(desired, facts)).ours
        used = next(filter(None, (audience_of(statement) for statement in ours)), None)
    return used or desired.audience


def _role(desired: Desired, facts: ClusterFacts, name: str, there: Role | None, grant: Grant) -> Role:
    spec = desired.role if there else desired.role.as_new
    gen3 = spec.name_style == "gen3" and not spec.name
    path = there.path if there else spec.path or ("/" if gen3 else DEFAULT_PATH)
    made = Role(
        name=name,
        path=path,
        arn=there.arn if there else facts.home.role_arn(path, name),
        trust=trust_policy([grant.statement()]),
        tags=_tags(spec, desired, facts),
        permissions_boundary=spec.permissions_boundary or None,
        description=spec.description,
        max_session_duration=spec.max_session_duration or DEFAULT_MAX_SESSION,
    )
    if there is None:
        return made
    if spec.permissions_boundary is None:
        boundary = restored_boundary(spec, there) or there.permissions_boundary
        made = replace(made, permissions_boundary=boundary)
    return replace(
        made,
        description=there.description if spec.description is None else spec.description,
        max_session_duration=spec.max_session_duration or there.max_session_duration,
    )


def _tags(spec: RoleSpec, desired: Desired, facts: ClusterFacts) -> dict[str, str]:
    """The tags that the role must have, among others it may have."""
    boundary = spec.permissions_boundary
    recorded = {TAG_BOUNDARY: boundary_tag(boundary)} if boundary else {}
    return {**ownership_tags(facts.cluster, desired.subject), **recorded, **spec.tags}


def _annotations(desired: Desired, role_arn: str, audience: str) -> Mapping[str, str]:
    """The annotations that the webhook must find."""
    wanted = {ANNOTATION_ROLE_ARN: role_arn}
    if audience != DEFAULT_AUDIENCE:
        wanted[ANNOTATION_AUDIENCE] = audience
    if desired.service_account.sts_regional_endpoints is not None:
        wanted[ANNOTATION_STS_REGIONAL] = str(desired.service_account.sts_regional_endpoints).lower()
    if desired.service_account.token_expiration is not None:
        wanted[ANNOTATION_TOKEN_EXPIRATION] = str(desired.service_account.token_expiration)
    return wanted
