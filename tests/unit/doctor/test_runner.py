# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The problems of a chain, and the commands that fix them."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import Any

import pytest
from kubectl_iamsa.spelling import spelled
from unit.fakes.chains import chain_of, changed
from unit.fakes.examples import (
    BOUNDARY,
    EARLIER_ISSUER,
    FACTS,
    HOME,
    ISSUER,
    OPS_STATEMENT,
    PROVIDER_ARN,
    READ_S3,
    ROLE_ARN,
    ROLE_NAME,
    our_role,
    our_statement,
    retagged,
    service_account,
    trusting,
)

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.chain import Chain
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import problems
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_RECORD,
    ANNOTATION_ROLE_ARN,
    TAG_ADOPTED,
    TAG_BOUNDARY,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Provider, Role, SeenRole
from ansible_collections.iamsa.eks.plugins.module_utils.policy.limits import Quotas
from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Option

EARLIER = our_statement(EARLIER_ISSUER)
OURS = our_role().trust["Statement"][0]
EQUALS = OURS["Condition"]["StringEquals"]
NO_PROVIDER = replace(FACTS, provider=None)
OTHER_PATH = HOME.role_arn("/team/", ROLE_NAME)


def chain(role: Role | None = None, **changes: Any) -> Chain:
    """A chain without problems; `role` None means the role that iamsa creates."""
    seen = SeenRole(role or our_role(), {READ_S3.arn: READ_S3.name})
    return changed(chain_of(service_account(), seen), **changes)


def annotated(**annotations: str) -> Any:
    keys = {"arn": ANNOTATION_ROLE_ARN, "audience": ANNOTATION_AUDIENCE, "record": ANNOTATION_RECORD}
    return service_account({keys[key]: value for key, value in annotations.items()})


def with_trust(*statements: Any, **tags: str) -> Role:
    role = retagged(our_role(), **tags)
    return replace(role, trust={"Version": "2012-10-17", "Statement": list(statements)})


def adopted(role: Role) -> Role:
    return replace(role, tags={**role.tags, TAG_ADOPTED: "true"})


def test_nothing_is_broken_in_what_iamsa_makes() -> None:
    assert problems(chain()) == ()


# The links that are broken, and the words of the remedy after `create my-sa -p ARN -n web`.
BROKEN: list[Any] = [
    pytest.param(chain(service_account=None), ["serviceAccount"], "", id="no-service-account"),
    pytest.param(chain(service_account=service_account({})), ["serviceAccount"], "", id="no-annotation"),
    pytest.param(
        chain(service_account=annotated(arn="x")), ["serviceAccount"], "--force-conflicts", id="no-arn"
    ),
    pytest.param(
        chain(service_account=annotated(arn=OTHER_PATH)),
        ["serviceAccount"],
        "--force-conflicts",
        id="another-path",
    ),
    pytest.param(
        chain(asked_role=True, service_account=annotated(arn=OTHER_PATH)),
        ["serviceAccount"],
        "--role-name app --force-conflicts",
        id="another-than-asked",
    ),
    pytest.param(
        chain(with_trust(EARLIER, iamsa__issuer=EARLIER_ISSUER)),
        ["trust"],
        "--rebind",
        id="earlier-cluster",
    ),
    pytest.param(
        chain(replace(our_role(), tags={**our_role().tags, TAG_BOUNDARY: BOUNDARY})),
        ["role"],
        "",
        id="boundary-lost",
    ),
    pytest.param(chain(with_trust()), ["trust"], "", id="no-statement"),
    pytest.param(
        chain(trusting(our_role(), OPS_STATEMENT)), ["trust"], "--replace-trust", id="unmanaged-statement"
    ),
    pytest.param(
        chain(replace(our_role(), tags={}, trust={"Statement": [OPS_STATEMENT]})),
        ["trust"],
        "--adopt",
        id="unmanaged-role-that-does-not-trust",
    ),
    pytest.param(chain(facts=NO_PROVIDER), ["oidcProvider"], "--create-oidc-provider", id="no-provider"),
    pytest.param(
        chain(facts=replace(FACTS, provider=Provider(PROVIDER_ARN, ("x",)))),
        ["oidcProvider"],
        "--create-oidc-provider",
        id="provider-without-the-audience",
    ),
    pytest.param(
        chain(trusting(our_role(), OPS_STATEMENT), service_account=annotated(arn="x"), facts=NO_PROVIDER),
        ["oidcProvider", "serviceAccount", "trust"],
        "--create-oidc-provider --force-conflicts --replace-trust",
        id="much-at-once",
    ),
]


@pytest.mark.parametrize(("broken", "links", "words"), BROKEN)
def test_what_is_broken_and_the_one_command_that_mends_all_of_it(
    broken: Chain, links: list[str], words: str
) -> None:
    found = problems(broken)
    assert [problem.check.subject for problem in found] == links
    remedy = f"kubectl iamsa create my-sa -p {READ_S3.arn} -n web {words}".rstrip()
    assert {spelled(problem.remedy) for problem in found} == {remedy}


# Where nothing tells which policy the role should have, the user is to choose one.
CHOOSING: list[Any] = [
    pytest.param(chain(seen=None), ["role"], "", id="no-role"),
    pytest.param(
        chain(seen=None, service_account=annotated(arn=OTHER_PATH)),
        ["role"],
        "--role-name app --path /team/",
        id="no-role-where-the-annotation-says",
    ),
    pytest.param(chain(seen=SeenRole(our_role())), ["policies"], "", id="no-policy"),
    pytest.param(
        chain(with_trust(OPS_STATEMENT, iamsa__namespace="db")),
        ["trust"],
        "--role-name derived --force-conflicts",
        id="another-service-accounts-role",
    ),
]


@pytest.mark.parametrize(("broken", "links", "words"), CHOOSING)
def test_what_is_broken_and_leaves_a_policy_to_be_chosen(broken: Chain, links: list[str], words: str) -> None:
    found = problems(broken)
    assert [problem.check.subject for problem in found] == links
    assert spelled(found[0].remedy) == f"kubectl iamsa create my-sa -p POLICY -n web {words}".rstrip()


WELL: list[Any] = [
    pytest.param(chain(seen=SeenRole(our_role(), {}, ("reader",))), id="only-an-inline-policy"),
    pytest.param(
        chain(adopted(trusting(our_role(), OPS_STATEMENT))), id="unmanaged-statement-on-an-adopted-role"
    ),
    pytest.param(chain(replace(our_role(), tags={})), id="unmanaged-role-that-trusts"),
    pytest.param(
        chain(
            seen=None,
            facts=NO_PROVIDER,
            service_account=annotated(arn="arn:aws:iam::999999999999:role/theirs"),
        ),
        id="role-of-another-account",
    ),
]


@pytest.mark.parametrize("whole", WELL)
def test_what_is_not_broken(whole: Chain) -> None:
    assert problems(whole) == ()


def test_a_delete_that_was_broken_off_is_to_be_finished() -> None:
    (problem,) = problems(chain(service_account=annotated(record=ROLE_ARN), facts=NO_PROVIDER))
    assert problem.check.subject == "serviceAccount"
    assert spelled(problem.remedy) == "kubectl iamsa delete my-sa -n web"


@pytest.mark.parametrize(
    "annotations", [{"record": ROLE_ARN}, {"arn": ROLE_ARN}], ids=["by-iamsa", "by-others"]
)
def test_one_that_finalizers_hold_has_no_command(annotations: dict[str, str]) -> None:
    held = replace(annotated(**annotations), deleting=True, finalizers=("a.b/c",))
    seen = {} if "arn" in annotations else {"seen": None}
    (problem,) = problems(chain(service_account=held, **seen))
    assert (problem.check.id, spelled(problem.remedy)) == ("service-account-deleting", "")
    assert "a.b/c" in spelled(problem.what)


def test_one_that_finalizers_hold_beside_its_role_is_to_be_deleted_further() -> None:
    held = replace(annotated(record=ROLE_ARN), deleting=True, finalizers=("a.b/c",))
    (problem,) = problems(chain(service_account=held))
    assert spelled(problem.remedy) == "kubectl iamsa delete my-sa -n web"


def test_an_audience_at_odds_with_role_and_provider_is_taken_off() -> None:
    (problem,) = problems(chain(service_account=annotated(arn=ROLE_ARN, audience="x.example")))
    assert problem.check.id == "annotation-audience"
    change = "eks.amazonaws.com/audience-"
    assert spelled(problem.remedy) == f"kubectl annotate --overwrite serviceaccount my-sa -n web {change}"


def test_drift_in_our_statement_is_told() -> None:
    ours = our_role().trust["Statement"][0]
    (problem,) = problems(chain(with_trust({**ours, "Action": "sts:*"})))
    assert spelled(problem.what) == "the trust statement of iamsa was changed or duplicated"


ADDRESS = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
EXCLUDED = {"StringNotEquals": {KEY: CLAIM for KEY, CLAIM in EQUALS.items() if KEY.endswith(":sub")}}


def conditioned(further: Any, **changes: Any) -> dict[str, Any]:
    return {**OURS, "Condition": {**OURS["Condition"], **further}, **changes}


def found(whole: Chain) -> dict[str, str]:
    """The remedy of each check that fails or warns."""
    return {problem.check.id: spelled(problem.remedy) for problem in problems(whole)}


def test_conditions_on_our_statement_are_no_drift_and_only_replace_trust_removes_them() -> None:
    remedies = found(chain(with_trust(conditioned(ADDRESS))))
    assert remedies.keys() == {"trust-depends"}
    assert remedies["trust-depends"].endswith("--replace-trust")


def test_a_condition_that_keeps_the_token_out_is_removed_by_replace_trust_alone() -> None:
    remedies = found(chain(with_trust(conditioned(EXCLUDED))))
    assert remedies.keys() == {"trust-condition"}
    assert remedies["trust-condition"].endswith("--replace-trust")


def test_a_wrong_audience_under_a_condition_is_repaired_with_it() -> None:
    wrong = {key: "other" if key.endswith(":aud") else value for key, value in EQUALS.items()}
    remedies = found(chain(with_trust({**OURS, "Condition": {"StringEquals": wrong, **ADDRESS}})))
    assert "--replace-trust" not in remedies["trust-audience"]


def test_what_mends_something_else_leaves_the_conditions() -> None:
    role = retagged(with_trust(conditioned(ADDRESS)), iamsa__permissions_boundary=BOUNDARY)
    remedies = found(chain(role))
    assert "--replace-trust" in remedies["trust-depends"]
    assert "--replace-trust" not in remedies["boundary-kept"]


def test_conditions_beside_statements_of_others_that_stay_have_no_command() -> None:
    role = adopted(with_trust(conditioned(EXCLUDED), OPS_STATEMENT))
    (problem,) = problems(chain(role))
    assert (problem.check.id, spelled(problem.remedy)) == ("trust-condition", "")


def test_a_role_that_aws_keeps_for_itself_is_left_for_one_of_its_own() -> None:
    role = replace(our_role(), path="/aws-reserved/x/", tags={}, trust={"Statement": [OPS_STATEMENT]})
    remedies = set(found(chain(role)).values())
    assert [one for one in remedies if not one.endswith("--role-name derived --force-conflicts")] == []


def test_a_wide_statement_on_an_adopted_role_is_removed_by_replace_trust() -> None:
    wide = {**OURS, "Condition": {"StringEquals": {k: v for k, v in EQUALS.items() if k.endswith(":aud")}}}
    assert found(chain(adopted(with_trust(OURS, wide))))["trust-open"].endswith("--replace-trust")


@pytest.mark.parametrize(
    ("statement", "check", "words"),
    [
        pytest.param(
            {
                **{key: OURS[key] for key in ("Effect", "Action", "Condition")},
                "NotPrincipal": {"Federated": PROVIDER_ARN},
            },
            "trust-principal",
            "everyone except provider",
            id="not-principal",
        ),
        pytest.param(
            {
                **{key: OURS[key] for key in ("Effect", "Principal", "Condition")},
                "NotAction": "sts:AssumeRoleWithWebIdentity",
            },
            "trust-action",
            "every action except sts:AssumeRoleWithWebIdentity",
            id="not-action",
        ),
    ],
)
def test_what_leaves_the_provider_or_the_action_out_is_told_so(
    statement: Any, check: str, words: str
) -> None:
    told = {one.check.id: spelled(one.what) for one in problems(chain(adopted(with_trust(statement))))}
    assert words in told[check]


def test_a_missing_provider_names_the_issuer() -> None:
    (problem,) = problems(chain(facts=NO_PROVIDER))
    assert ISSUER in spelled(problem.what)


def test_every_remedy_says_where_to_work() -> None:
    broken = chain(service_account=annotated(record=ROLE_ARN))
    (problem,) = problems(broken, (Option("context", "my context"),))
    assert shlex.split(spelled(problem.remedy))[-2:] == ["--context", "my context"]


def crowded(size: int) -> Role:
    """An unmanaged role whose trust policy has about `size` characters."""
    return replace(with_trust({**OPS_STATEMENT, "Sid": "s" * (size - 180)}), tags={"team": "ops"})


def much_tagged(count: int) -> Role:
    return replace(with_trust(OPS_STATEMENT), tags={f"t{number}": "" for number in range(count)})


SMALL, RAISED = Quotas(trust=2048), Quotas(trust=4096)
NO_ROOM: list[Any] = [
    pytest.param(chain(crowded(1_900), quotas=SMALL), "--role-name derived --force-conflicts", id="own-role"),
    pytest.param(chain(crowded(1_900)), "--role-name derived --force-conflicts", id="quota-unknown"),
    pytest.param(chain(crowded(1_900), quotas=RAISED), "--adopt", id="quota-raised"),
    pytest.param(chain(crowded(1_500), quotas=SMALL), "--adopt", id="room"),
    pytest.param(chain(much_tagged(45)), "--role-name derived --force-conflicts", id="no-room-for-tags"),
    pytest.param(chain(much_tagged(44)), "--adopt", id="room-for-tags"),
]


@pytest.mark.parametrize(("broken", "flags"), NO_ROOM)
def test_a_role_without_room_in_its_trust_policy_is_left_for_another(broken: Chain, flags: str) -> None:
    remedies = {spelled(result.remedy) for result in problems(broken)}
    assert {remedy.partition(" -n web")[2].strip() for remedy in remedies} == {flags}


@pytest.mark.parametrize("changes", [{"asked_role": True}, {"default_role": ROLE_NAME}])
def test_where_only_a_higher_quota_helps_no_command_is_printed(changes: dict[str, Any]) -> None:
    found = problems(chain(crowded(1_900), quotas=SMALL, service_account=None, **changes))
    assert [spelled(result.remedy) for result in found] == [""] * len(found)
    assert any("AssumeRolePolicySize" in spelled(result.what) for result in found)
