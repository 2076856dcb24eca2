"""`kubectl iamsa list`: which ServiceAccounts have a role and how it stands, and the policies of one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import yaml
from unit.fakes.command_line import CommandLine
from unit.fakes.examples import (
    BOUNDARY,
    HOME,
    READ_S3,
    READ_SQS,
    SUBJECT,
    desired,
    document,
    our_role,
    our_statement,
    service_account,
    target,
)
from unit.fakes.wire import raises
from unit.runs.shop import (
    ARN,
    CREATE,
    NAME,
    annotate,
    make_role,
    make_service_account,
    set_trust,
)

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_RECORD,
    ANNOTATION_ROLE_ARN,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ManagedPolicy

Change = Callable[[CommandLine], Any]
ELSEWHERE = "arn:aws:iam::999999999999:role/theirs"
LOADS = {"json": json.loads, "yaml": yaml.safe_load}


def names(line: CommandLine, arn: str) -> None:
    """A ServiceAccount whose annotation says that."""
    make_service_account(line, {ANNOTATION_ROLE_ARN: arn})


def row(line: CommandLine) -> list[str]:
    """The columns of the one ServiceAccount that is listed."""
    (only,) = line.run("list", "--no-headers").out.splitlines()
    return [column.strip() for column in only.split("   ") if column.strip()]


class TestTable:
    def test_no_headers_leaves_the_lines(self, made: CommandLine) -> None:
        _, only = made.run("list").out.splitlines()
        assert row(made) == only.split()

    def test_wide_shows_arn_owner_boundary_and_audience(self, line: CommandLine) -> None:
        line.world.account.add(ManagedPolicy("boundary", BOUNDARY))
        line.run(*CREATE, "--permissions-boundary", BOUNDARY)
        header, only = line.run("list", "-o", "wide").out.splitlines()
        assert header.split()[4:] == ["ROLE", "ARN", "OWNER", "BOUNDARY", "AUDIENCE"]
        assert only.split()[4:] == [ARN, "iamsa", BOUNDARY, "sts.amazonaws.com"]

    def test_the_status_is_colored_on_request(self, made: CommandLine) -> None:
        assert made.run("list", "--color", "always").out.endswith("\x1b[32mReady\x1b[0m\n")
        assert "\x1b" not in made.run("list", "--color", "auto").out

    def test_names_alone(self, made: CommandLine) -> None:
        assert made.run("list", "-o", "name").out == "serviceaccount/my-sa\n"

    def test_nothing_found_is_no_error(self, line: CommandLine) -> None:
        make_service_account(line, {})
        done = line.run("list")
        assert (done.out, done.err) == ("", "No ServiceAccounts with a role found in web namespace.\n")

    def test_nothing_found_is_an_empty_list_for_a_machine(self, line: CommandLine) -> None:
        assert json.loads(line.run("list", "-o", "json").out)["items"] == []

    def test_nothing_is_written(self, made: CommandLine) -> None:
        made.run("list", "-o", "wide")
        assert made.world.wire.writes == []


@pytest.mark.parametrize("output", LOADS)
def test_a_document_has_what_create_says_of_the_same_role(made: CommandLine, output: str) -> None:
    listed = LOADS[output](made.run("list", "-o", output).out)
    created = json.loads(made.run(*CREATE, "-o", "json").out)
    assert (listed["apiVersion"], listed["kind"]) == ("iamsa/v1alpha1", "ServiceAccountRoleList")
    (item,) = listed["items"]
    assert listed["metadata"]["cluster"] == created["metadata"]["cluster"]
    assert [part for part in ("apiVersion", "kind", "metadata") if item[part] != created[part]] == []
    found, known = item["status"], created["status"]
    parts = ("cluster", "owner", "audience", "policies", "serviceAccount", "podIdentityAssociations")
    assert [part for part in parts if found[part] != known[part]] == []
    assert found["role"].items() <= known["role"].items()
    assert (found["state"], found["owner"]["name"]) == ("ok", "iamsa")


def of_another_path(line: CommandLine) -> None:
    make_role(line, path="/team/", trust=[our_statement()], tags=target().role.tags)
    names(line, ARN)


def of_terraform(line: CommandLine) -> None:
    names(line, make_role(line, trust=[our_statement()], tags={"managed-by": "terraform"}))


def for_somebody_else(line: CommandLine) -> None:
    line.run(*CREATE)
    theirs = json.loads(json.dumps(our_statement()).replace("web:my-sa", "web:other"))
    set_trust(line, theirs)


def changed(**annotations: str | None) -> Change:
    """After a create."""

    def change(line: CommandLine) -> None:
        line.run(*CREATE)
        annotate(line, **annotations)

    return change


@pytest.mark.parametrize(
    ("change", "state"),
    [
        pytest.param(lambda line: names(line, ARN), "RoleMissing", id="a role that is gone"),
        pytest.param(of_another_path, "RoleMissing", id="a namesake under another path"),
        pytest.param(for_somebody_else, "NotTrusted", id="a trust policy for somebody else"),
        pytest.param(changed(**{ANNOTATION_AUDIENCE: "example.com"}), "NotTrusted", id="another audience"),
        pytest.param(of_terraform, "Unmanaged", id="a role that iamsa did not make"),
        pytest.param(lambda line: names(line, ELSEWHERE), "Unmanaged", id="a role of another account"),
        pytest.param(changed(**{ANNOTATION_ROLE_ARN: None}), "NoRole", id="one that has lost its role"),
        pytest.param(
            changed(**{ANNOTATION_ROLE_ARN: None, ANNOTATION_RECORD: ARN}),
            "Deleting",
            id="a delete that was broken off",
        ),
        pytest.param(lambda line: names(line, "\x1b[31mnone\nof these"), "InvalidARN", id="no ARN at all"),
    ],
)
def test_how_it_stands(line: CommandLine, change: Change, state: str) -> None:
    change(line)
    assert row(line)[-1] == state
    assert "\x1b" not in line.run("list").out


def test_a_role_of_another_account_is_not_read(line: CommandLine) -> None:
    names(line, ELSEWHERE)
    line.run("list")
    assert line.world.wire.names("iam:") == []


def test_who_made_a_role_is_in_the_document(line: CommandLine) -> None:
    of_terraform(line)
    (item,) = json.loads(line.run("list", "-o", "json").out)["items"]
    assert item["status"]["owner"]["name"] == "Terraform"


@pytest.mark.parametrize("role", ["${ROLE}", "", "x" * 65])
def test_a_name_that_no_role_can_have_hides_no_other(made: CommandLine, role: str) -> None:
    """To ask IAM for it would be an error: see `check_name` of the fake."""
    names(made, HOME.role_arn("/iamsa/", role))
    (broken,) = made.world.kubernetes.service_accounts.values()
    made.world.kubernetes.put(replace(broken, subject=Subject("web", "broken")))
    make_service_account(made, {ANNOTATION_ROLE_ARN: ARN})
    items = json.loads(made.run("list", "-o", "json").out)["items"]
    states = {item["metadata"]["name"]: item["status"]["state"] for item in items}
    assert states == {"my-sa": "ok", "broken": "invalidArn"}


class TestPolicies:
    @pytest.fixture
    def stocked(self, made: CommandLine) -> CommandLine:
        """With two managed policies and an inline one."""
        made.world.account.attached[NAME][READ_SQS.arn] = READ_SQS.name
        made.world.account.inline[NAME]["reader"] = document()
        return made

    def test_managed_ones_come_first_then_inline_ones(self, stocked: CommandLine) -> None:
        assert [one.split() for one in stocked.run("list", "my-sa").out.splitlines()] == [
            ["NAME", "KIND", "ARN"],
            [READ_S3.name, "managed", READ_S3.arn],
            [READ_SQS.name, "managed", READ_SQS.arn],
            ["reader", "inline", "<none>"],
        ]

    def test_names_alone_one_a_line(self, stocked: CommandLine) -> None:
        assert stocked.run("list", "my-sa", "-o", "name").out == f"{READ_S3.name}\n{READ_SQS.name}\nreader\n"

    @pytest.mark.parametrize("output", LOADS)
    def test_a_document(self, stocked: CommandLine, output: str) -> None:
        found = LOADS[output](stocked.run("list", "my-sa", "-o", output).out)
        assert (found["apiVersion"], found["kind"]) == ("iamsa/v1alpha1", "ServiceAccountRole")
        assert (found["metadata"]["name"], found["metadata"]["namespace"]) == ("my-sa", "web")
        assert found["status"]["role"]["arn"] == ARN
        assert found["status"]["policies"] == {
            "managed": [{"name": one.name, "arn": one.arn} for one in (READ_S3, READ_SQS)],
            "inline": ["reader"],
        }

    def test_a_role_without_policies_is_no_error(self, made: CommandLine) -> None:
        made.world.account.attached[NAME].clear()
        done = made.run("list", "my-sa")
        assert (done.out, done.err) == ("", f"No policies found on role {NAME}.\n")

    def test_of_a_role_by_name_need_no_service_account(self, line: CommandLine) -> None:
        make_role(line, READ_SQS, name="other")
        assert line.run("list", "my-sa", "--role-name", "other", "-o", "name").out == f"{READ_SQS.name}\n"

    def test_are_those_of_the_annotated_role(self, line: CommandLine) -> None:
        names(line, make_role(line, READ_SQS, name="other"))
        assert line.run("list", "my-sa", "-o", "name").out == f"{READ_SQS.name}\n"

    def test_are_without_an_annotation_those_of_the_derived_role(self, made: CommandLine) -> None:
        annotate(made, **{ANNOTATION_ROLE_ARN: None})
        assert made.run("list", "my-sa", "-o", "name").out == f"{READ_S3.name}\n"

    def test_are_in_gen3_s_style_those_of_the_role_that_gen3_would_make(self, line: CommandLine) -> None:
        make_role(line, READ_SQS, name="demo-my-sa-role")
        make_service_account(line, {})
        done = line.run("list", "my-sa", "--role-name-style", "gen3", "-o", "name")
        assert done.out == f"{READ_SQS.name}\n"

    @pytest.mark.parametrize(
        ("annotations", "says"),
        [
            (None, f"serviceaccount {SUBJECT} does not exist; "),
            ({}, f"role {NAME} of serviceaccount {SUBJECT} does not exist; "),
            ({ANNOTATION_ROLE_ARN: ELSEWHERE}, "is not a role of the cluster's account"),
        ],
    )
    def test_of_what_is_not_there(
        self, line: CommandLine, annotations: dict[str, str] | None, says: str
    ) -> None:
        if annotations is not None:
            make_service_account(line, annotations)
        assert says in line.refused("list", "my-sa")


class TestRolesWithoutServiceAccount:
    def printed(self, line: CommandLine, *words: str) -> str:
        for name in "abcdefgh":
            subject = Subject("web", name)
            role = our_role(desired(subject=subject), name)
            line.world.account.put(role, READ_S3)
            line.world.kubernetes.put(
                replace(service_account({ANNOTATION_ROLE_ARN: role.arn}), subject=subject)
            )
        line.world.account.put(our_role(desired(subject=Subject("web", "gone")), "gone"), READ_S3)
        return line.run("list", *words).err

    def test_a_line_on_stderr_counts_them(self, line: CommandLine) -> None:
        assert "1 role of this cluster has no ServiceAccount\n" in self.printed(line, "-A")

    def test_a_denied_sweep_is_not_counted(self, line: CommandLine) -> None:
        line.world.wire.on("iam:GetAccountAuthorizationDetails", raises(Denied("no", action="iam:any")))
        assert "without a ServiceAccount: not counted (access denied)\n" in self.printed(line, "-A")

    def test_one_namespace_is_not_counted(self, line: CommandLine) -> None:
        assert "ServiceAccount" not in self.printed(line)
