# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks before a role is deleted: everything on it must be iamsa's own, or explicitly allowed."""

from __future__ import annotations

from ..bindings.binding import BindingKind
from ..errors import Refused, ResourceRef
from ..identity.keys import TAG_ADOPTED
from ..identity.ownership import role_owner
from ..model.association import PodUse
from ..model.desired import DeleteRequest
from ..model.observed import ClusterFacts, Observed
from ..model.role import Role
from ..policy.attached_by_us import unmanaged_policies
from ..trust.statements import read_trust
from ..wording.text import Command, Option, Sentence
from .protected import protection
from .trust import also_held, it_or_them

KEEP = "or add " + Option("keep_role") + " to keep the role"
_UNBIND = "add " + Option("keep_role") + " to unbind the ServiceAccount and keep the role"


def refuse_role(
    request: DeleteRequest, cluster: ClusterFacts, observed: Observed, role: Role, kind: BindingKind
) -> None:
    """Raises Refused unless the role and everything on it may be deleted."""
    overrides = request.overrides
    resource = ResourceRef("role", role.name)
    if protection(role):
        raise Refused(
            f"role {role.name} {protection(role)}",
            remedy=_UNBIND,
            resource=resource,
        )
    owner = role_owner(role.tags, cluster.cluster, request.desired.subject)
    if owner.verdict == "unmanaged":
        raise Refused(
            f"role {role.name} {owner.owner}",
            remedy=_UNBIND,
            resource=resource,
        )
    if owner.verdict == "rebound" and not overrides.role_of_earlier_cluster:
        raise Refused(
            f"role {role.name} was created for an earlier cluster with the same name, whose issuer is"
            f" {owner.issuer}",
            remedy="add " + Option("rebind") + " to delete it, " + KEEP,
            resource=resource,
        )
    if TAG_ADOPTED in role.tags and not overrides.adopted_role:
        raise Refused(
            f"role {role.name} was not created but adopted by iamsa",
            remedy="add " + Option("adopt") + " to delete it, " + KEEP,
            resource=resource,
        )
    asked = request.desired
    subjects = tuple(binding.subject for binding in asked.bindings)
    grant = kind.grant(cluster.cluster, cluster.home, subjects, asked.audience)
    earlier = grant.of_issuer(owner.issuer) if owner.issuer else None
    reading = read_trust(role.trust, grant, earlier, may_serve_pods=observed.pod_use.is_possible)
    if reading.pods or reading.held:
        raise Refused(
            f"role {role.name} trusts pods.eks.amazonaws.com, and " + observed.pod_use.words,
            remedy=_without_association(cluster, observed.pod_use),
            resource=resource,
        )
    if reading.unmanaged:
        raise Refused(
            f"the trust policy of role {role.name} also contains: " + also_held(reading, observed.pod_use),
            remedy=f"remove {it_or_them(reading)} first with " + _update(request) + ", " + KEEP,
            resource=resource,
        )
    _refuse_policies(request, observed, role)
    if observed.instance_profiles:
        profile = observed.instance_profiles[0]
        raise Refused(
            f"role {role.name} is in the instance profile {', '.join(observed.instance_profiles)}",
            remedy=f"remove it with aws iam remove-role-from-instance-profile --role-name {role.name}"
            f" --instance-profile-name {profile}, " + KEEP,
            resource=resource,
        )


def _without_association(cluster: ClusterFacts, use: PodUse) -> Sentence:
    """The remedy for a role that a Pod Identity association uses, or may use."""
    if use.user is None:
        return "allow eks:ListPodIdentityAssociations and eks:DescribePodIdentityAssociation, " + KEEP
    if use.user.owner:
        return f"remove it from the add-on {use.user.owner}, which it belongs to, " + KEEP
    words = (
        f"aws eks delete-pod-identity-association --cluster-name {cluster.cluster.name}"
        f" --region {cluster.cluster.region} --association-id {use.user.id}"
    )
    return f"delete the association first with {words}, " + KEEP


def _update(request: DeleteRequest) -> Command:
    """The command that removes the other statements from this role; it must select the same role."""
    subject, role = request.desired.subject, request.desired.role
    given = [Option("namespace", subject.namespace)]
    if role.name:
        given.append(Option("role_name", role.name))
    elif role.name_style != "derived":
        given.append(Option("role_name_style", role.name_style))
    return Command("update", subject.name, (*given, Option("replace_trust")))


def _refuse_policies(request: DeleteRequest, observed: Observed, role: Role) -> None:
    unmanaged = unmanaged_policies(role.tags, observed.attached, observed.inline)
    if unmanaged and not request.overrides.policies_of_others:
        raise Refused(
            f"role {role.name} has policies that iamsa did not add: {', '.join(unmanaged)}",
            remedy="add " + Option("purge") + " to remove them too, " + KEEP,
            resource=ResourceRef("role", role.name),
        )
