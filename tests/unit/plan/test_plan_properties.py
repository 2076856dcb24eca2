# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds of every plan, whatever was observed and whatever is wanted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from unit.fakes.examples import SUBJECT, planned, target, undated
from unit.fakes.generated import clusters, desired_states, states

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.writers import WRITERS
from ansible_collections.iamsa.eks.plugins.module_utils.errors import NotFound, Refused
from ansible_collections.iamsa.eks.plugins.module_utils.identity.ownership import role_owner
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import Desired
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ClusterFacts, Observed
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.base import Phase
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step
from ansible_collections.iamsa.eks.plugins.module_utils.plan.forecast import forecast_cluster, forecast_role
from ansible_collections.iamsa.eks.plugins.module_utils.policy.equality import canonical
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import InlinePolicy
from ansible_collections.iamsa.eks.plugins.module_utils.trust.evaluate import admission
from ansible_collections.iamsa.eks.plugins.module_utils.trust.repair import is_exact
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import read_trust, statements_of

many = settings(
    max_examples=75,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def refused(wanted: Desired, cluster: ClusterFacts, observed: Observed) -> Refused | NotFound | None:
    try:
        planned(wanted, cluster, observed)
    except (Refused, NotFound) as refusal:
        return refusal
    return None


def allowed(wanted: Desired, cluster: ClusterFacts, observed: Observed) -> tuple[Step, ...]:
    """The steps; a state that is refused proves nothing here."""
    assume(refused(wanted, cluster, observed) is None)
    return planned(wanted, cluster, observed)


def after(observed: Observed, steps: Iterable[Step]) -> Observed:
    return forecast_role(observed, steps, WRITERS)


def role_after(observed: Observed, steps: Iterable[Step]) -> Role:
    role = after(observed, steps).role
    assert role
    return role


def undated_role(observed: Observed) -> Observed:
    return replace(observed, role=observed.role and undated(observed.role))


def meanings(statements: Iterable[Any]) -> list[Any]:
    return [canonical({"Statement": [statement]})["Statement"] for statement in statements]


@many
@given(desired_states(), clusters, states())
def test_what_steps_lead_to_needs_no_steps(
    wanted: Desired, cluster: ClusterFacts, observed: Observed
) -> None:
    steps = allowed(wanted, cluster, observed)
    assert planned(wanted, forecast_cluster(cluster, steps), after(observed, steps)) == ()


@many
@given(desired_states(), clusters, states())
def test_broken_off_anywhere_the_rest_leads_to_the_same(
    wanted: Desired, cluster: ClusterFacts, observed: Observed
) -> None:
    steps = allowed(wanted, cluster, observed)
    for count in range(len(steps)):
        cluster_then, then = forecast_cluster(cluster, steps[:count]), after(observed, steps[:count])
        rest = planned(wanted, cluster_then, then)
        assert undated_role(after(then, rest)) == undated_role(after(observed, steps))


@many
@given(desired_states(), clusters, states())
def test_steps_keep_the_order_of_phases_and_end_with_the_service_account(
    wanted: Desired, cluster: ClusterFacts, observed: Observed
) -> None:
    steps = allowed(wanted, cluster, observed)
    phases = [step.phase for step in steps]
    assert phases == sorted(phases)
    assert phases.count(Phase.SERVICE_ACCOUNT) <= 1


@many
@given(desired_states(), clusters, states())
def test_our_statement_stands_there_and_says_what_is_asked_under_whatever_conditions(
    wanted: Desired, cluster: ClusterFacts, observed: Observed
) -> None:
    role, grant = role_after(observed, allowed(wanted, cluster, observed)), target(wanted, cluster).grant
    reading = read_trust(role.trust, grant)
    assert reading.ours
    assert is_exact(reading, grant)


@many
@given(desired_states(replace_trust=True), clusters, states())
def test_with_replace_trust_our_statement_is_the_only_one_and_has_no_further_conditions(
    wanted: Desired, cluster: ClusterFacts, observed: Observed
) -> None:
    role = role_after(observed, allowed(wanted, cluster, observed))
    assert meanings(statements_of(role.trust)) == meanings([target(wanted, cluster).grant.statement()])


@many
@given(desired_states(adopt=False), clusters, states())
def test_without_adopt_all_statements_are_ours(
    wanted: Desired, cluster: ClusterFacts, observed: Observed
) -> None:
    role = role_after(observed, allowed(wanted, cluster, observed))
    assert read_trust(role.trust, target(wanted, cluster).grant).unmanaged == ()


@many
@given(desired_states(replace_trust=False), clusters, states())
def test_without_replace_trust_no_condition_that_our_tokens_need_is_lifted(
    wanted: Desired, cluster: ClusterFacts, observed: Observed
) -> None:
    steps, grant = allowed(wanted, cluster, observed), target(wanted, cluster).grant
    before = admission(observed.role.trust, grant) if observed.role else None
    if before and before.is_possible:
        assert admission(role_after(observed, steps).trust, grant).verdict == before.verdict


@many
@given(desired_states(adopt=True, replace_trust=False, rebind=False), clusters, states())
def test_with_adopt_alone_no_unmanaged_statement_disappears(
    wanted: Desired, cluster: ClusterFacts, observed: Observed
) -> None:
    steps, grant = allowed(wanted, cluster, observed), target(wanted, cluster).grant
    before = read_trust(observed.role.trust, grant).unmanaged if observed.role else ()
    now = meanings(statements_of(role_after(observed, steps).trust))
    assert [meaning for meaning in meanings(before) if meaning not in now] == []


@many
@given(desired_states(adopt=False), clusters, states())
def test_without_adopt_no_role_is_written_that_is_not_ours(
    wanted: Desired, cluster: ClusterFacts, observed: Observed
) -> None:
    steps = allowed(wanted, cluster, observed)
    if observed.role and any(step.target.kind == "role" for step in steps):
        assert role_owner(observed.role.tags, cluster.cluster, wanted.subject).verdict != "unmanaged"


@many
@given(desired_states(purge=False), clusters, states())
def test_without_purge_no_policy_disappears(
    wanted: Desired, cluster: ClusterFacts, observed: Observed
) -> None:
    then = after(observed, allowed(wanted, cluster, observed))
    assert observed.attached.keys() <= then.attached.keys()
    asked = {policy.name for policy in observed.policies if isinstance(policy, InlinePolicy)}
    assert {
        name: observed.inline[name] for name in observed.inline if name not in asked
    }.items() <= then.inline.items()


@many
@given(desired_states(), clusters, states())
def test_a_boundary_never_disappears_nor_changes_unasked(
    wanted: Desired, cluster: ClusterFacts, observed: Observed
) -> None:
    then = role_after(observed, allowed(wanted, cluster, observed)).permissions_boundary
    there = observed.role.permissions_boundary if observed.role else None
    assert then == (wanted.role.permissions_boundary or there or then)


@many
@given(desired_states(), clusters, states())
def test_no_tag_disappears_and_none_of_others_changes_unasked(
    wanted: Desired, cluster: ClusterFacts, observed: Observed
) -> None:
    then = role_after(observed, allowed(wanted, cluster, observed)).tags
    spelled = {key.lower(): value for key, value in then.items()}
    asked = {key.lower() for key in wanted.role.tags}
    for key, value in observed.role.tags.items() if observed.role else ():
        assert key.lower() in spelled
        assert key.startswith("iamsa/") or key.lower() in asked or spelled[key.lower()] == value


@many
@given(desired_states(force_conflicts=False), clusters, states())
def test_without_force_no_annotation_of_another_manager_changes(
    wanted: Desired, cluster: ClusterFacts, observed: Observed
) -> None:
    there = observed.service_accounts[SUBJECT]
    then = after(observed, allowed(wanted, cluster, observed)).service_accounts[SUBJECT]
    assert then
    if there:
        others = {key for key, names in there.managers.items() if names != {"kubectl-iamsa"}}
        assert {key: then.annotations[key] for key in others} == {
            key: there.annotations[key] for key in others
        }


@many
@given(desired_states(create_oidc_provider=False), clusters, states())
def test_without_consent_no_provider_changes(
    wanted: Desired, cluster: ClusterFacts, observed: Observed
) -> None:
    assert forecast_cluster(cluster, allowed(wanted, cluster, observed)) == cluster


@many
@given(desired_states(), clusters, states())
def test_no_audience_of_the_provider_disappears(
    wanted: Desired, cluster: ClusterFacts, observed: Observed
) -> None:
    then = forecast_cluster(cluster, allowed(wanted, cluster, observed)).provider
    assert then
    assert set(cluster.provider.audiences if cluster.provider else ()) <= set(then.audiences)


@many
@given(desired_states(), clusters, states())
def test_every_refusal_names_a_way_out(wanted: Desired, cluster: ClusterFacts, observed: Observed) -> None:
    refusal = refused(wanted, cluster, observed)
    assert refusal is None or refusal.remedy
