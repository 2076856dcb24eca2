# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a create or an update: from the target and the current state to steps; pure.

The steps are in the order of `Phase`, or in that of `room.py` if a limit of IAM requires another order.

Dry run, check mode, diff and the real run all use these steps.

For each current state and request, the table shows the steps if everything else is already as desired; `-`
means no step. NotFound and Refused end the run before its first write.

    current                               | desired              | steps
    namespace missing                     |                      | NotFound
    namespace missing                     | create_namespace     | CreateNamespace
    namespace missing                     | assume_namespace     | -
    namespace being deleted               | create_namespace     | Refused

    provider missing                      |                      | NotFound
    provider missing                      | create_oidc_provider | CreateProvider
    provider without the audience         |                      | NotFound
    provider without the audience         | create_oidc_provider | AddAudience
    provider with 100 other audiences     | create_oidc_provider | Refused

    role missing                          |                      | CreateRole
    role missing                          | a policy, a file     | CreateRole PutInlinePolicy AttachPolicy
    role missing                          | an update            | NotFound
    role missing, with another path       |                      | Refused
    role ours                             |                      | -
    role ours                             | a tag                | TagRole
    role ours, with a tag                 |                      | -
    role ours, with a tag                 | no such tag          | UntagRole
    role ours                             | a description        | SetRoleSettings
    role ours                             | a boundary           | SetBoundary TagRole
    role ours, with a boundary            |                      | -
    role ours, with a boundary            | no boundary          | RemoveBoundary UntagRole
    role ours, without its boundary       |                      | SetBoundary
    role ours, without its tags           |                      | TagRole
    role ours                             | another path         | Refused
    role of an earlier cluster            |                      | Refused
    role of an earlier cluster            | rebind               | SetTrust TagRole
    role not managed by iamsa             |                      | Refused
    role not managed by iamsa             | adopt                | SetTrust TagRole
    role reserved by AWS                  | adopt                | Refused

    trust without our statement           |                      | SetTrust
    trust with other statements           |                      | Refused
    trust with other statements           | adopt                | -
    trust with other statements           | replace_trust        | SetTrust

    policies missing                      | a policy, a file     | TagRole PutInlinePolicy AttachPolicy
    policies ours                         | a policy, a file     | -
    policies ours                         |                      | -
    policies ours                         | purge                | DetachPolicy DeleteInlinePolicy UntagRole
    policies ours                         | no such policies     | DetachPolicy DeleteInlinePolicy UntagRole
    file ours, but different              | a file               | PutInlinePolicy
    file not ours, and different          | a file               | Refused
    file not ours, and different          | force_conflicts      | TagRole PutInlinePolicy

    ServiceAccount missing                |                      | CreateServiceAccount
    ServiceAccount without annotations    |                      | AnnotateServiceAccount
    ServiceAccount ours                   |                      | -
    ServiceAccount, interrupted delete    |                      | AnnotateServiceAccount PatchAnnotations
    ServiceAccount with another role      |                      | Refused
    ServiceAccount with another role      | force_conflicts      | AnnotateServiceAccount
    ServiceAccount with another audience  |                      | Refused
    ServiceAccount with another audience  | force_conflicts      | AnnotateServiceAccount
    annotation of another field manager   |                      | Refused
    annotation of another field manager   | force_conflicts      | AnnotateServiceAccount
    ServiceAccount being deleted          | force_conflicts      | Refused
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..bindings.writer import BindingWriter, Writers
from ..errors import NotFound, Refused, ResourceRef
from ..model.observed import ClusterFacts, Observed, ServiceAccount
from ..model.steps.kubernetes import CreateNamespace
from ..model.steps.step import Step
from ..model.target import Target
from ..wording.text import Option
from .limits import refuse_beyond_limits
from .policies import policy_steps
from .role import role_steps
from .room import fitted


def plan(target: Target, cluster: ClusterFacts, observed: Observed, kinds: Writers) -> tuple[Step, ...]:
    """The steps from the observed state to the target, in the order of their phases.

    Raises:
        Refused: iamsa would change something that it does not own, or the role would exceed a limit of IAM;
            the remedy names the options.
        NotFound: the OIDC provider or the namespace does not exist and may not be created.
    """
    kind = kinds[target.asked.kind]
    steps = [
        *_namespace(target, observed),
        *kind.required(target, cluster),
        *role_steps(target, cluster, observed),
        *policy_steps(target, observed),
        *kind.bind(target, cluster, observed),
    ]
    ordered = fitted(steps, observed)
    refuse_beyond_limits(ordered, target, cluster, observed)
    return ordered


def binding_steps(
    target: Target,
    cluster: ClusterFacts,
    observed: Observed,
    service_account: ServiceAccount | None,
    kind: BindingWriter,
) -> Iterator[Step]:
    """The plan's steps that bind the ServiceAccount, planned again for its new state `service_account`."""
    return kind.bind(target, cluster, replace(observed, service_accounts={target.subject: service_account}))


def _namespace(target: Target, observed: Observed) -> Iterator[CreateNamespace]:
    for namespace in dict.fromkeys(binding.subject.namespace for binding in target.asked.bindings):
        state = observed.namespaces.get(namespace, "active")
        if state == "terminating":
            raise Refused(f"namespace {namespace} is being deleted", remedy="wait until it is deleted")
        if state != "missing" or target.overrides.assume_namespace:
            continue
        if not target.overrides.create_namespace:
            raise NotFound(
                f"namespace {namespace} does not exist",
                remedy="create it, or add " + Option("create_namespace")
                if target.asked.create_role
                else "check " + Option("namespace", brief=True),
                resource=ResourceRef("namespace", namespace),
            )
        yield CreateNamespace(namespace)
