# SPDX-License-Identifier: GPL-3.0-or-later

"""From what is wanted and what is there to what is to be done: pure.

The order of the steps is that of `Phase`, or of `room.py` where a limit leaves no room for it.

Dry run, check mode, diff and the real run all use these steps.

What is there, what is asked for, and what comes of it where all else is as it should be; `-` is no step.
NotFound and Refused end the run before its first write.

    there                                 | asked                | steps
    namespace missing                     |                      | NotFound
    namespace missing                     | create_namespace     | CreateNamespace
    namespace missing                     | assume_namespace     | -
    namespace being deleted               | create_namespace     | Refused

    provider missing                      |                      | NotFound
    provider missing                      | create_oidc_provider | CreateProvider
    provider without our audience         |                      | NotFound
    provider without our audience         | create_oidc_provider | AddAudience
    provider with 100 other audiences     | create_oidc_provider | Refused

    role missing                          |                      | CreateRole
    role missing                          | a policy, a file     | CreateRole PutInlinePolicy AttachPolicy
    role missing                          | an update            | NotFound
    role missing, of another path         |                      | Refused
    role ours                             |                      | -
    role ours                             | a tag                | TagRole
    role ours, with a tag                 |                      | -
    role ours, with a tag                 | no such tag          | UntagRole
    role ours                             | a description        | SetRoleSettings
    role ours                             | a boundary           | SetBoundary TagRole
    role ours, with a boundary            |                      | -
    role ours, with a boundary            | no boundary          | RemoveBoundary UntagRole
    role ours, which lost its boundary    |                      | SetBoundary
    role ours, which lost its tags        |                      | TagRole
    role ours                             | another path         | Refused
    role of an earlier cluster            |                      | Refused
    role of an earlier cluster            | rebind               | SetTrust TagRole
    role of somebody else                 |                      | Refused
    role of somebody else                 | adopt                | SetTrust TagRole
    role that AWS keeps for itself        | adopt                | Refused

    trust without our statement           |                      | SetTrust
    trust with statements of others       |                      | Refused
    trust with statements of others       | adopt                | -
    trust with statements of others       | replace_trust        | SetTrust

    policies missing                      | a policy, a file     | TagRole PutInlinePolicy AttachPolicy
    policies ours                         | a policy, a file     | -
    policies ours                         |                      | -
    policies ours                         | purge                | DetachPolicy DeleteInlinePolicy UntagRole
    policies ours                         | no such policies     | DetachPolicy DeleteInlinePolicy UntagRole
    file ours, which says something else  | a file               | PutInlinePolicy
    file of others                        | a file               | Refused
    file of others                        | force_conflicts      | TagRole PutInlinePolicy

    ServiceAccount missing                |                      | CreateServiceAccount
    ServiceAccount without annotations    |                      | AnnotateServiceAccount
    ServiceAccount ours                   |                      | -
    ServiceAccount of a broken-off delete |                      | AnnotateServiceAccount PatchAnnotations
    ServiceAccount of another role        |                      | Refused
    ServiceAccount of another role        | force_conflicts      | AnnotateServiceAccount
    ServiceAccount of another audience    |                      | Refused
    ServiceAccount of another audience    | force_conflicts      | AnnotateServiceAccount
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
    """The writes that turn what was observed into the target, in the order of their phases.

    Raises:
        Refused: something is in the way that iamsa does not own, or the role would pass one of IAM's limits;
            the sentence names the way out.
        NotFound: the OIDC provider or the namespace is missing and may not be created.
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
    """Those of the plan that bind the ServiceAccount, now that it has become `service_account`."""
    return kind.bind(target, cluster, replace(observed, service_accounts={target.subject: service_account}))


def _namespace(target: Target, observed: Observed) -> Iterator[CreateNamespace]:
    for namespace in dict.fromkeys(binding.subject.namespace for binding in target.asked.bindings):
        state = observed.namespaces.get(namespace, "active")
        if state == "terminating":
            raise Refused(f"namespace {namespace} is being deleted", remedy="wait until it is gone")
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
