# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each remedy of each refusal of a create works in the state in which it is printed.

The options are read from the data of the error, and each alternative is run in a copy of the state. A state
can have several problems, which are refused one after the other: none of them may come back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from unit.fakes.examples import BOUNDARY, READ_S3, ROLE_NAME, by_arn, desired
from unit.fakes.world import World
from unit.jobs.test_remedies_run import ROLES, SERVICE_ACCOUNTS, TRUSTS

from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError, NotFound, Refused
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import Desired
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ManagedPolicy
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import trust_policy
from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Either, Option, Sentence, Text

Given = Mapping[str, Any]
GONE = {"Effect": "Allow", "Principal": {"AWS": "AROAEXAMPLEEXAMPLE123"}, "Action": "sts:AssumeRole"}
TRUSTED = {**TRUSTS, "gone": [GONE], "ours-and-gone": [*TRUSTS["ours"], GONE], "none": []}
REQUESTS: Mapping[str, Given] = {
    "as-annotated": {},
    "by-name": {"name": ROLE_NAME},
    "by-another-name": {"name": "another"},
    "with-audience": {"audience": "sts.amazonaws.com"},
    "with-path": {"name": ROLE_NAME, "path": "/team/"},
    "adopt": {"name": ROLE_NAME, "adopt": True},
    "rebind": {"name": ROLE_NAME, "rebind": True},
}
_NAMES = {"role_name": "name"}
# What people have to change: fewer of these.
_PEOPLE = ("tag",)
_OTHERS = {"name": "yet-another", "path": "/"}


def alternatives(remedy: Sentence, asked: Given) -> Iterator[Given]:
    """The requests of the alternatives in a remedy; those without options are for people."""
    current: dict[str, Any] = dict(asked)
    is_named, before = False, ""
    for part in remedy.parts if isinstance(remedy, Text) else (remedy,):
        if isinstance(part, Either):
            for one in part.ways:
                yield from alternatives(one, asked)
        elif isinstance(part, Option) and part.name not in _PEOPLE:
            key = _NAMES.get(part.name, part.name)
            is_named = True
            if before.endswith("omit "):
                current.pop(key, None)
            else:
                current[key] = part.value or _OTHERS.get(key, True)
        else:
            before = str(part)
            if is_named and any(mark in before for mark in (", or ", " or ", ", and remove")):
                yield current
                current, is_named = dict(asked), False
    if is_named:
        yield current


def request(given: Given) -> Desired:
    return desired(by_arn(READ_S3), **given)


def outcome(world: World, given: Given) -> IamsaError | None:
    try:
        world.create(request(given))
    except IamsaError as error:
        return error
    return None


def dead_ends(start: World, given: Given, met: tuple[str, ...] = ()) -> list[str]:
    """The ways on which a refusal comes back, or has no alternative; each problem may have its own remedy."""
    error = outcome(start.copy(), given)
    if error is None:
        return []
    if not isinstance(error, (Refused, NotFound)) or str(error.problem) in met:
        return [f"{dict(given)}: {error}"]
    further = list(alternatives(error.remedy, given))
    if not further:
        # Something for people to do, which is not the same run again.
        return [] if error.remedy and "the same command" not in str(error.remedy) else [str(error)]
    met = (*met, str(error.problem))
    return [way for one in further for way in dead_ends(start, one, met)]


@pytest.mark.parametrize("asked", REQUESTS)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("found", SERVICE_ACCOUNTS)
def test_each_alternative_leads_to_a_run_that_is_not_refused(
    world: World, asked: str, role: str, found: str
) -> None:
    for trust in TRUSTED.values():
        start = world.copy()
        start.account.add(ManagedPolicy("boundary", BOUNDARY))
        start.account.put(replace(ROLES[role], trust=trust_policy(trust)), READ_S3)
        there = SERVICE_ACCOUNTS[found]
        if there:
            start.kubernetes.put(there)
        assert dead_ends(start, REQUESTS[asked]) == []
