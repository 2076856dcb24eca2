# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ServiceAccount: made, annotated, moved or refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from kubectl_iamsa.spelling import spelled
from unit.fakes.examples import (
    ACCOUNT,
    CLUSTER,
    FACTS,
    HOME,
    ROLE_ARN,
    SUBJECT,
    desired,
    observed,
    our_role,
    planned,
    service_account,
)

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused, quoted
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_MARKER,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_STS_REGIONAL,
    ANNOTATION_TOKEN_EXPIRATION,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import Desired
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.kubernetes import (
    AnnotateServiceAccount,
    CreateServiceAccount,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step

US, HELM = "kubectl-iamsa", "helm"
OLD_ARN = HOME.role_arn("/", "old")
MARKER = {ANNOTATION_MARKER: f"{CLUSTER.arn}/web/my-sa"}


def steps(service_account: ServiceAccount | None, wanted: Desired | None = None) -> tuple[Step, ...]:
    return planned(wanted or desired(name="app"), FACTS, observed(our_role(wanted), service_account))


def write(service_account: ServiceAccount, wanted: Desired | None = None) -> AnnotateServiceAccount:
    (step,) = steps(service_account, wanted)
    assert isinstance(step, AnnotateServiceAccount)
    return step


def refusal(service_account: ServiceAccount, wanted: Desired | None = None) -> str:
    with pytest.raises(Refused) as caught:
        steps(service_account, wanted)
    return str(caught.value)


def test_a_missing_one_is_made_with_role_and_marker() -> None:
    (step,) = steps(None)
    assert step == CreateServiceAccount(SUBJECT, {ANNOTATION_ROLE_ARN: ROLE_ARN, **MARKER})


def test_a_plain_one_is_given_our_keys_alone_and_no_marker() -> None:
    made = write(service_account({"team": "web"}, {}))
    assert (made.changed, made.held) == ({ANNOTATION_ROLE_ARN: ROLE_ARN}, {ANNOTATION_ROLE_ARN: ROLE_ARN})


def test_one_that_is_right_stays() -> None:
    assert steps(service_account({**MARKER, ANNOTATION_ROLE_ARN: ROLE_ARN, "team": "web"})) == ()


def test_the_version_that_was_read_is_what_is_written_on() -> None:
    assert write(service_account({})).resource_version == "7"


def test_all_that_is_ours_is_held_beside_what_changes() -> None:
    there = {**MARKER, ANNOTATION_ROLE_ARN: ROLE_ARN, "team": "web"}
    managers = {ANNOTATION_MARKER: US, ANNOTATION_ROLE_ARN: US, "team": HELM}
    made = write(service_account(there, managers), desired(name="app", token_expiration=600))
    assert made.held == {**MARKER, ANNOTATION_ROLE_ARN: ROLE_ARN, ANNOTATION_TOKEN_EXPIRATION: "600"}
    assert made.changed == {ANNOTATION_TOKEN_EXPIRATION: "600"}


@pytest.mark.parametrize(
    ("options", "there", "changed"),
    [
        pytest.param({}, {}, {}, id="nothing-asked"),
        pytest.param({}, {ANNOTATION_TOKEN_EXPIRATION: "600"}, {}, id="not-asked-stays"),
        pytest.param(
            {"sts_regional_endpoints": False},
            {ANNOTATION_STS_REGIONAL: "true"},
            {ANNOTATION_STS_REGIONAL: "false"},
            id="regional",
        ),
        pytest.param({"audience": "sts.amazonaws.com"}, {}, {}, id="default-audience"),
        pytest.param(
            {"audience": "sts.amazonaws.com"},
            {ANNOTATION_AUDIENCE: "sts.amazonaws.com"},
            {},
            id="spelled-out",
        ),
    ],
)
def test_other_annotations(options: dict[str, Any], there: dict[str, str], changed: dict[str, str]) -> None:
    managers = dict.fromkeys(there, US)
    given = service_account({ANNOTATION_ROLE_ARN: ROLE_ARN, **there}, managers)
    made = [step.changed for step in steps(given, desired(name="app", **options))]
    assert made == ([changed] if changed else [])


# Field managers.


@pytest.mark.parametrize(
    ("managers", "overrides", "force"),
    [
        pytest.param({ANNOTATION_ROLE_ARN: US}, False, True, id="ours-alone"),
        pytest.param({ANNOTATION_ROLE_ARN: US}, True, True, id="ours-with-consent"),
        pytest.param({ANNOTATION_ROLE_ARN: HELM}, True, True, id="somebody-elses-with-consent"),
    ],
)
def test_force(managers: dict[str, str], overrides: bool, force: bool) -> None:
    given = service_account({ANNOTATION_ROLE_ARN: ""}, managers)
    assert write(given, desired(name="app", force_conflicts=overrides)).force is force


def test_a_key_that_is_new_needs_no_force() -> None:
    assert write(service_account({"team": "web"}, {"team": HELM})).force is False


def test_a_key_of_another_manager_is_refused_by_name_with_the_flag() -> None:
    assert refusal(service_account({ANNOTATION_ROLE_ARN: ""}, {ANNOTATION_ROLE_ARN: HELM})) == (
        'annotation eks.amazonaws.com/role-arn of serviceaccount web/my-sa has the value "" and'
        " belongs to the field manager helm; add <force_conflicts> to overwrite it"
    )


def test_a_key_that_another_manager_shares_with_us_is_refused() -> None:
    given = ServiceAccount(
        service_account().subject, {ANNOTATION_ROLE_ARN: ""}, {ANNOTATION_ROLE_ARN: frozenset({US, HELM})}
    )
    assert "belongs to the field manager helm;" in refusal(given)


def test_a_key_of_another_manager_with_the_right_value_stays() -> None:
    assert steps(service_account(managers={ANNOTATION_ROLE_ARN: HELM})) == ()


def test_a_key_recorded_of_nobody_is_somebody_elses() -> None:
    assert "add <force_conflicts>" in refusal(service_account({ANNOTATION_ROLE_ARN: ""}, {}))


def test_ours_is_who_the_field_manager_option_names() -> None:
    given = service_account({ANNOTATION_ROLE_ARN: ""}, {ANNOTATION_ROLE_ARN: "ci"})
    assert write(given, desired(name="app", field_manager="ci")).force is True


# What it says already.


@pytest.mark.parametrize(
    ("named", "keeping"),
    [
        pytest.param(OLD_ARN, ", or omit <role_name> to keep the other role", id="of-this-account"),
        pytest.param("arn:aws:iam::999999999999:role/app", "", id="of-another-account"),
        pytest.param("app", "", id="no-arn"),
    ],
)
def test_one_that_names_another_role_is_not_moved(named: str, keeping: str) -> None:
    assert refusal(service_account({ANNOTATION_ROLE_ARN: named}, {ANNOTATION_ROLE_ARN: US})) == (
        f"serviceaccount web/my-sa is already bound to another role, {quoted(named)};"
        f" add <force_conflicts> to bind it to {ROLE_ARN} instead{keeping}"
    )


@pytest.mark.parametrize("path", ["/", "/team/"])
def test_one_that_names_the_role_by_another_path_is_repaired_where_we_wrote_that(path: str) -> None:
    named = {ANNOTATION_ROLE_ARN: f"arn:aws:iam::{ACCOUNT}:role{path}app"}
    assert write(service_account(named, {ANNOTATION_ROLE_ARN: US})).changed == {ANNOTATION_ROLE_ARN: ROLE_ARN}
    assert "<force_conflicts>" in refusal(service_account(named, {ANNOTATION_ROLE_ARN: HELM}))


def test_one_that_names_another_role_is_moved_on_request() -> None:
    given = service_account({ANNOTATION_ROLE_ARN: OLD_ARN}, {ANNOTATION_ROLE_ARN: HELM})
    (step,) = steps(given, desired(name="app", force_conflicts=True))
    assert step.changed == {ANNOTATION_ROLE_ARN: ROLE_ARN}


def test_one_with_another_audience_is_refused() -> None:
    given = service_account({ANNOTATION_ROLE_ARN: ROLE_ARN, ANNOTATION_AUDIENCE: "vault"})
    assert refusal(given).endswith(
        "would use the audience sts.amazonaws.com; use <audience=vault>, or add <force_conflicts> to"
        " overwrite it"
    )


def test_an_audience_is_quoted_in_the_remedy_where_a_shell_would_read_it() -> None:
    given = service_account({ANNOTATION_ROLE_ARN: ROLE_ARN, ANNOTATION_AUDIENCE: "a;b"})
    with pytest.raises(Refused) as caught:
        steps(given)
    assert "use --audience 'a;b', or add --force-conflicts" in spelled(caught.value.remedy)


def test_another_audience_is_overwritten_on_request_by_the_default_one_too() -> None:
    given = service_account({ANNOTATION_ROLE_ARN: ROLE_ARN, ANNOTATION_AUDIENCE: "vault"})
    (step,) = steps(given, desired(force_conflicts=True))
    assert step.changed == {ANNOTATION_AUDIENCE: "sts.amazonaws.com"}


def test_a_field_manager_that_applies_other_fields_would_remove_them_and_is_refused() -> None:
    given = replace(service_account({}), appliers=frozenset({"kubectl-iamsa"}))
    assert refusal(given, desired(force_conflicts=True)).endswith(
        "which this run would remove; omit <field_manager>, or use a name that no other tool uses"
    )


def test_one_that_is_being_deleted_is_refused() -> None:
    assert refusal(service_account(deleting=True)) == (
        "serviceaccount web/my-sa is being deleted; wait until it is deleted"
    )


def test_one_whose_role_is_gone_is_refused_with_the_way_to_make_that_role_again() -> None:
    given = service_account({ANNOTATION_ROLE_ARN: f"arn:aws:iam::{ACCOUNT}:role/team/gone"})
    with pytest.raises(Refused) as caught:
        planned(desired(), FACTS, observed(None, given, role_name="gone"))
    assert str(caught.value) == (
        f"serviceaccount web/my-sa is bound to role arn:aws:iam::{ACCOUNT}:role/team/gone, which does not"
        " exist; use <role_name=gone> <path=/team/> to create it, or another <role_name> and"
        " <force_conflicts> to bind the ServiceAccount to that role instead"
    )


def test_one_whose_role_is_gone_gets_it_again_where_it_would_be_made_there() -> None:
    (step,) = planned(desired(), FACTS, observed(None, service_account()))
    assert (step.verb, step.role.arn) == ("create", ROLE_ARN)
