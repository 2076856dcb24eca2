# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An annotation that is not the ARN of a role: AWS is not asked about it, and it hides nobody else's role."""

from __future__ import annotations

from dataclasses import replace

import pytest
from kubectl_iamsa.spelling import spelled
from unit.fakes.examples import (
    ACCOUNT,
    CLUSTER,
    FACTS,
    READ_S3,
    ROLE_ARN,
    ROLE_NAME,
    SUBJECT,
    desired,
    our_role,
    recorded,
    service_account,
)
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import problems
from ansible_collections.iamsa.eks.plugins.module_utils.errors import NotFound, Refused
from ansible_collections.iamsa.eks.plugins.module_utils.identity.arn import parse_role_arn
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_RECORD,
    ANNOTATION_ROLE_ARN,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.ownership import marker
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.describe import describe
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.inventory import inventory
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.role_policies import role_policies
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verify import verify, verify_many
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role
from ansible_collections.iamsa.eks.plugins.module_utils.plan.role_choice import choose_role
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import PolicyName

ROLES = f"arn:aws:iam::{ACCOUNT}:role/"
MALFORMED = [
    f"{ROLES}${{ROLE}}",
    f"{ROLES}{{{{ .Values.role }}}}",
    f"{ROLES}<role>",
    f"{ROLES}$(ROLE)",
    f"{ROLES}team/${{ROLE}}",
    f"{ROLES}",
    f"{ROLES}team/",
    f"{ROLES}/app",
    f"{ROLES}app role",
    f"{ROLES}app\n",
    f"{ROLES}app\x07",
    f"{ROLES}{'x' * 65}",
    f"{ROLES}{'p' * 600}/app",
    f"{ROLES}r\u00f6le",
    f"{ROLES}app:1",
    f"{ROLES}app*",
    f" {ROLE_ARN}",
    ROLE_ARN.upper(),
    f"arn:aws:iam:eu-west-1:{ACCOUNT}:role/app",
    f"arn:aws:iam::{ACCOUNT}:user/app",
    f"arn:aws:iam::{ACCOUNT}:policy/app",
    f"arn:aws:iam::{ACCOUNT}:role",
    f"arn:aws:sts::{ACCOUNT}:assumed-role/app/session",
    "arn:aws:iam::aws:role/app",
    "arn:aws:iam::999999999999:role/${ROLE}",
    "arn:aws:iam::${ACCOUNT}:role/app",
    "arn:aws:s3:::bucket",
    "app",
    "${ROLE_ARN}",
    "null",
    "x" * 5000,
    "",
]
malformed = pytest.mark.parametrize("named", MALFORMED, ids=lambda one: repr(one[-30:]))
WELL = Subject("web", "well")
OWN = choose_role(desired(), FACTS, None, None).default


@pytest.fixture
def world(world: World) -> World:
    """With a ServiceAccount beside it of which all is well."""
    role = our_role(desired(subject=WELL), "well")
    world.account.put(role, READ_S3)
    world.kubernetes.put(replace(service_account({ANNOTATION_ROLE_ARN: role.arn}), subject=WELL))
    return world


def annotate(world: World, named: str, *, made: bool = False) -> None:
    """`made`: by iamsa."""
    marked = marker(CLUSTER, SUBJECT) if made else {}
    world.kubernetes.put(service_account({ANNOTATION_ROLE_ARN: named, **marked}))


def own_role(world: World) -> Role:
    """The role that the ServiceAccount would be given, made by iamsa."""
    role = recorded(our_role(name=OWN), READ_S3)
    world.account.put(role, READ_S3)
    return role


@malformed
def test_it_is_no_roles_arn(named: str) -> None:
    assert parse_role_arn(named) is None


@pytest.mark.parametrize(
    ("named", "path", "name"),
    [
        (ROLE_ARN, "/iamsa/", ROLE_NAME),
        (f"{ROLES}app", "/", "app"),
        (f"{ROLES}a/b!c/~d/App_+=,.@-1", "/a/b!c/~d/", "App_+=,.@-1"),
        (f"arn:aws-us-gov:iam::{ACCOUNT}:role/{'x' * 64}", "/", "x" * 64),
        (f"{ROLES}{'p' * 510}/app", f"/{'p' * 510}/", "app"),
    ],
)
def test_what_iam_can_have_is_one(named: str, path: str, name: str) -> None:
    arn = parse_role_arn(named)
    assert arn
    assert (arn.path, arn.name) == (path, name)


class TestList:
    @pytest.mark.parametrize("namespace", ["web", None])
    @malformed
    def test_the_row_says_so_and_the_others_are_there(
        self, world: World, named: str, namespace: str | None
    ) -> None:
        annotate(world, named)
        rows = inventory(world.access(), namespace).items
        states = {row.service_account.subject: row.status.state for row in rows}
        assert states == {SUBJECT: "invalidArn", WELL: "ok"}

    def test_a_record_that_names_no_role_is_still_one_of_a_delete(self, world: World) -> None:
        world.kubernetes.put(service_account({ANNOTATION_RECORD: f"{ROLES}${{ROLE}}"}))
        (row, _well) = inventory(world.access(), "web").items
        assert row.status.state == "deleting"

    def test_among_many_that_are_looked_up_by_pages_too(self, world: World) -> None:
        for number, named in enumerate(MALFORMED):
            world.kubernetes.put(
                replace(service_account({ANNOTATION_ROLE_ARN: named}), subject=Subject("web", f"n{number}"))
            )
        for number in range(10):
            arn = f"{ROLES}iamsa/r{number}"
            world.kubernetes.put(
                replace(service_account({ANNOTATION_ROLE_ARN: arn}), subject=Subject("web", f"r{number}"))
            )
        states = [row.status.state for row in inventory(world.access(), None).items]
        assert (states.count("invalidArn"), states.count("roleMissing")) == (len(MALFORMED), 10)

    @malformed
    def test_its_policies_are_refused_in_a_sentence(self, world: World, named: str) -> None:
        annotate(world, named)
        wanted = desired(name_style="gen3")
        with pytest.raises(NotFound) as caught:
            role_policies(wanted, world.access(), service_account_required=False)
        assert str(caught.value.resource)


class TestDescribe:
    @malformed
    def test_it_explains_the_annotation(self, world: World, named: str) -> None:
        own_role(world)
        annotate(world, named)
        found = problems(describe(desired(), world.access()))
        assert [one.check.id for one in found] == ["annotation-form"]

    @malformed
    def test_the_remedy_moves_it(self, world: World, named: str) -> None:
        annotate(world, named)
        remedies = {spelled(found.remedy) for found in problems(describe(desired(), world.access()))}
        meant = named.strip()
        annotate_it = "kubectl annotate --overwrite serviceaccount my-sa -n web"
        if parse_role_arn(meant):
            assert remedies == {f"{annotate_it} {ANNOTATION_ROLE_ARN}={meant}"}
        else:
            assert remedies == {"kubectl iamsa create my-sa -p POLICY -n web --force-conflicts"}
        world.create(desired(PolicyName(READ_S3.name), force_conflicts=True))
        assert problems(describe(desired(), world.access())) == ()
        assert world.annotations[ANNOTATION_ROLE_ARN] == world.account.roles[OWN].arn


class TestCreate:
    @pytest.mark.parametrize("named", [one for one in MALFORMED if one], ids=lambda one: repr(one[-30:]))
    def test_without_a_flag_it_is_refused_before_any_write(self, world: World, named: str) -> None:
        annotate(world, named)
        refused = world.refusal(desired(PolicyName(READ_S3.name)))
        assert isinstance(refused, Refused)
        assert "--force-conflicts" in spelled(refused.remedy)
        assert world.wire.writes == []

    @pytest.mark.parametrize("named", [one for one in MALFORMED if one], ids=lambda one: repr(one[-30:]))
    def test_nothing_keeps_it_so_no_remedy_says_that(self, world: World, named: str) -> None:
        annotate(world, named)
        refused = world.refusal(desired(PolicyName(READ_S3.name), name="mine"))
        assert (
            spelled(refused.remedy)
            == f"add --force-conflicts to bind it to {FACTS.home.role_arn('/iamsa/', 'mine')} instead"
        )

    @malformed
    def test_an_update_is_refused_too(self, world: World, named: str) -> None:
        annotate(world, named)
        refused = world.refusal(desired(PolicyName(READ_S3.name), create_role=False, audience=None))
        assert (isinstance(refused, NotFound), str(refused.resource)) == (True, f"role/{OWN}")

    @pytest.mark.parametrize("path", ["/aws-reserved/sso/", "/aws-service-role/x/"])
    def test_of_a_path_where_only_aws_makes_roles_no_remedy_creates_one(
        self, world: World, path: str
    ) -> None:
        annotate(world, FACTS.home.role_arn(path, "gone"))
        assert "--path" not in world.refusal(desired(PolicyName(READ_S3.name))).remedy
        (found,) = problems(describe(desired(), world.access()))
        assert spelled(found.remedy).endswith(f" --role-name {OWN} --force-conflicts")


class TestDelete:
    @malformed
    def test_what_iamsa_made_goes(self, world: World, named: str) -> None:
        own_role(world)
        annotate(world, named, made=True)
        world.delete(DeleteRequest(desired()))
        assert OWN not in world.account.roles
        assert SUBJECT not in world.kubernetes.service_accounts

    @malformed
    def test_a_service_account_alone_goes_too(self, world: World, named: str) -> None:
        annotate(world, named, made=True)
        world.delete(DeleteRequest(desired()))
        assert SUBJECT not in world.kubernetes.service_accounts

    @malformed
    def test_what_somebody_else_made_stays_as_it_is(self, world: World, named: str) -> None:
        own_role(world)
        annotate(world, named)
        world.delete(DeleteRequest(desired()))
        assert OWN not in world.account.roles
        assert world.annotations == {ANNOTATION_ROLE_ARN: named}

    @malformed
    def test_where_there_is_nothing_of_ours_that_is_said(self, world: World, named: str) -> None:
        annotate(world, named)
        with pytest.raises(NotFound):
            world.delete(DeleteRequest(desired()))


class TestVerify:
    @malformed
    def test_it_says_no_without_asking_aws(self, world: World, named: str) -> None:
        annotate(world, named)
        found = verify(SUBJECT, world.access())
        assert found.reason
        assert (found.verdict, found.reason.cause) == ("no", "malformedArn" if named else "notAnnotated")
        assert world.wire.names("sts:") == []

    def test_of_many_the_others_are_verified(self, world: World) -> None:
        for number, named in enumerate(MALFORMED):
            world.kubernetes.put(
                replace(service_account({ANNOTATION_ROLE_ARN: named}), subject=Subject("web", f"n{number}"))
            )
        found = {one.subject: one.verdict for one in verify_many(world.access(), "web").items}
        assert found.pop(WELL) == "yes"
        assert set(found.values()) == {"no"}
