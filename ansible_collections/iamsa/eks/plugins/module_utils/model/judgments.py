# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is broken in a chain, and the command that mends it. Each judgment looks at one link and is pure.

Sources: https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html and
https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from .chain import Chain
from .constants import DEFAULT_AUDIENCE, DEFAULT_PATH, TAG_BOUNDARY
from .identity import Arn
from .ownership import boundary_of_tag
from .targets import annotated_role
from .trust import in_words, is_exact

Link = Literal["serviceAccount", "role", "trust", "policies", "oidcProvider"]


@dataclass(frozen=True)
class Problem:
    """`link` is where in the chain it is, `remedy` a command line."""

    link: Link
    what: str
    remedy: str


@dataclass(frozen=True)
class Finding:
    """What one judgment says: `flags` are what create needs to mend it; `remedy` another command."""

    link: Link
    what: str
    flags: tuple[str, ...] = ()
    remedy: str = ""


Judgment = Callable[[Chain], Iterator[Finding]]


def problems(chain: Chain, where: tuple[str, ...] = ()) -> tuple[Problem, ...]:
    """All that is broken, in the chain's order; `where` are the words that say where to work.

    Each remedy that is a create has the flags of all of them: with fewer it would be refused for another.
    """
    findings = [finding for judgment in JUDGMENTS for finding in judgment(chain)]
    flags = tuple(dict.fromkeys(flag for finding in findings for flag in finding.flags))
    create = _create(chain, flags)
    return tuple(
        Problem(one.link, one.what, shlex.join((*(shlex.split(one.remedy) or create), *where)))
        for one in findings
    )


def delete_is_unfinished(chain: Chain) -> Iterator[Finding]:
    if chain.is_being_deleted:
        yield Finding(
            "serviceAccount",
            f"a delete of {chain.named or 'its role'} was broken off",
            remedy=shlex.join(
                ("kubectl", "iamsa", "delete", chain.subject.name, "-n", chain.subject.namespace)
            ),
        )


def service_account_is_missing(chain: Chain) -> Iterator[Finding]:
    if chain.account is None:
        yield Finding("serviceAccount", f"serviceaccount {chain.subject} does not exist")


def annotation_is_wrong(chain: Chain) -> Iterator[Finding]:
    if chain.account is None or chain.elsewhere or chain.is_being_deleted:
        return
    if not chain.is_annotated:
        yield Finding("serviceAccount", "it is not annotated with a role, so its pods get none")
        return
    right = chain.role.arn if chain.role else ""
    if not annotated_role(chain.account, chain.facts.home):
        yield Finding("serviceAccount", f"its annotation is not the ARN of a role: {chain.named!r}", _FORCED)
    elif right and chain.named != right:
        yield Finding("serviceAccount", f"it is annotated with {chain.named}, not with {right}", _FORCED)


def role_is_missing(chain: Chain) -> Iterator[Finding]:
    if chain.role or chain.elsewhere or chain.is_being_deleted:
        return
    annotated = annotated_role(chain.account, chain.facts.home)
    named = annotated if annotated and not chain.asked_role else None
    yield Finding("role", f"role {chain.role_name} does not exist", _as_annotated(named))


def role_is_of_an_earlier_cluster(chain: Chain) -> Iterator[Finding]:
    if chain.owner and chain.owner.verdict == "rebound":
        yield Finding(
            "role",
            f"it was made for an earlier cluster of the same name, with the issuer {chain.owner.issuer}",
            ("--rebind",),
        )


def boundary_is_lost(chain: Chain) -> Iterator[Finding]:
    if not chain.role or chain.role.permissions_boundary or not chain.owner:
        return
    recorded = chain.role.tags.get(TAG_BOUNDARY)
    if recorded and chain.owner.verdict != "foreign":
        yield Finding("role", f"its permissions boundary {boundary_of_tag(recorded)} was removed")


def trust_lets_nobody_in(chain: Chain) -> Iterator[Finding]:
    if not chain.role or not chain.owner or not chain.admission or chain.admission.is_possible:
        return
    what = f"the trust policy does not allow serviceaccount {chain.subject} with audience {chain.audience}"
    yield Finding("trust", what, _own_role_or_consent(chain))


def trust_has_drifted(chain: Chain) -> Iterator[Finding]:
    admitted = chain.admission is not None and chain.admission.is_possible
    if admitted and chain.reading.ours and not is_exact(chain.reading, chain.grant):
        yield Finding(
            "trust", "our statement is not what iamsa would write, or not alone", _consent_to_role(chain)
        )


def trust_lets_others_in(chain: Chain) -> Iterator[Finding]:
    if not chain.owner or chain.owner.verdict == "foreign" or chain.is_adopted:
        return
    for statement in chain.reading.foreign:
        yield Finding("trust", f"somebody else's statement: {in_words(statement)}", ("--replace-trust",))


def role_has_no_policy(chain: Chain) -> Iterator[Finding]:
    if chain.seen and not chain.seen.policy_names and not chain.is_being_deleted:
        what = "the role has no policies, so its pods may do nothing"
        yield Finding("policies", what, _own_role_or_consent(chain))


def provider_is_missing(chain: Chain) -> Iterator[Finding]:
    if chain.elsewhere or chain.is_being_deleted:
        return
    provider, flags = chain.facts.provider, ("--create-oidc-provider",)
    if provider is None:
        what = f"the account has no OIDC provider for the issuer {chain.facts.cluster.issuer}"
        yield Finding("oidcProvider", what, flags)
    elif chain.audience not in provider.audiences:
        yield Finding("oidcProvider", f"it does not take the audience {chain.audience}", flags)


JUDGMENTS: tuple[Judgment, ...] = (
    delete_is_unfinished,
    service_account_is_missing,
    annotation_is_wrong,
    role_is_missing,
    role_is_of_an_earlier_cluster,
    boundary_is_lost,
    trust_lets_nobody_in,
    trust_has_drifted,
    trust_lets_others_in,
    role_has_no_policy,
    provider_is_missing,
)

_FORCED = ("--force-conflicts",)


def _as_annotated(named: Arn | None) -> tuple[str, ...]:
    """create makes a new role where the annotation says only if it is asked for that place."""
    if named is None or named.path == DEFAULT_PATH:
        return ()
    return ("--role-name", named.name, "--path", named.path)


def _own_role_or_consent(chain: Chain) -> tuple[str, ...]:
    """A role of its own instead of another ServiceAccount's; else what create needs to change this one."""
    if chain.owner and chain.owner.is_another_service_accounts and not chain.asked_role:
        return ("--role-name", chain.default_role, *_FORCED)
    return _consent_to_role(chain)


def _consent_to_role(chain: Chain) -> tuple[str, ...]:
    return ("--adopt",) if chain.owner and chain.owner.verdict == "foreign" else ()


def _create(chain: Chain, flags: tuple[str, ...]) -> tuple[str, ...]:
    """A create that adds nothing to a role that has policies: it is given one of them again."""
    stays = chain.seen if "--role-name" not in flags else None
    policy = next(iter(stays.attached), "POLICY") if stays else "POLICY"
    subject = chain.subject
    words = ("kubectl", "iamsa", "create", subject.name, "-p", policy, "-n", subject.namespace)
    role = ("--role-name", chain.role_name) if chain.asked_role else ()
    audience = ("--audience", chain.audience) if chain.audience != DEFAULT_AUDIENCE else ()
    return (*words, *role, *audience, *flags)
