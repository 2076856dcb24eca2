"""A role that gen3 made: read at once, and changed only with --adopt."""

from __future__ import annotations

from pathlib import Path

import pytest
from unit.fakes.examples import SUBJECT, document, target
from unit.gen3.habit import ROLE, S3, TIMESTAMP, Habit, arn_of, gen3_trust, write

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN

READER = f"reader-{TIMESTAMP}"


@pytest.fixture
def theirs(habit: Habit) -> Habit:
    """A role that gen3 made, with a managed policy and an inline one, and two policy files: gen3 has put the
    reader already."""
    habit.gen3_makes(S3, files={"reader": document()})
    write(Path("reader.json"))
    write(Path("writer.json"), document("s3:PutObject"))
    return habit


CHANGES = {
    "-c": "-c NAME -p SQS",
    "-c with its file": "-c NAME -p reader.json",
    "-u adds": "-u NAME -p SQS -a a",
    "-u deletes its file": "-u NAME -p reader.json -a d",
    "create": "create NAME -p SQS --role-name-style gen3",
    "update": "update NAME -p ./writer.json --role-name-style gen3",
}


def test_list_works_at_once(theirs: Habit) -> None:
    done = theirs.unchanged("-l NAME")
    assert (done.out, done.err) == (f"{S3}\n{READER}\n", "")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_without_adopt_it_is_refused_and_said_who_made_the_role(theirs: Habit, change: str) -> None:
    assert theirs.refused(change) == (
        f"role {ROLE} was created by gen3 for serviceaccount {SUBJECT}; add --adopt to adopt it, or use"
        " another --role-name and --force-conflicts"
    )


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_with_adopt_it_is_taken_over_once(theirs: Habit, change: str) -> None:
    service_account = theirs.world.kubernetes.service_accounts[SUBJECT]
    theirs.run(f"{change} --adopt")
    role = theirs.world.role
    assert {**role.tags, **target().role.tags, "iamsa/adopted": "true"} == role.tags
    assert role.trust == gen3_trust()
    assert theirs.world.kubernetes.service_accounts[SUBJECT] == service_account
    for again in (f"{change} --adopt", change):
        theirs.unchanged(again)


def test_a_bare_role_with_an_emptied_annotation_is_mended(theirs: Habit) -> None:
    theirs.service_account({ANNOTATION_ROLE_ARN: ""})
    assert theirs.refused("-c NAME -p S3 --adopt").endswith("; add --force-conflicts to overwrite it")
    assert theirs.run("-c NAME -p S3 --adopt --force-conflicts").out == f"{ROLE}\n"
    assert theirs.world.annotations == {ANNOTATION_ROLE_ARN: arn_of()}
