# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for the role's trust policy: our statements repaired, the others kept or, if asked, removed."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Refused, ResourceRef
from ..identity.ownership import Ownership
from ..model.association import PodUse
from ..model.observed import Observed
from ..model.role import Role
from ..model.steps.base import Phase
from ..model.steps.role import SetTrust
from ..model.target import Target
from ..policy.equality import Document
from ..trust.evaluate import admission
from ..trust.grant import Grant
from ..trust.repair import consists_of, dropped, repaired
from ..trust.statements import (
    TrustReading,
    amended,
    kept_conditions,
    names_pods,
    read_trust,
    trust_policy,
    trusts_pods,
)
from ..trust.words import conditions_in_words, in_words
from ..wording.text import Option, Sentence


def trust_steps(
    target: Target,
    role: Role,
    owner: Ownership,
    use: PodUse,
    *,
    has_room: bool = True,
) -> Iterator[SetTrust]:
    """Repair our statement, with its further conditions; `replace_trust` leaves it alone and without any.

    What Pod Identity needs is neither foreign nor removed where an association uses the role, as far as is
    known (`use`). `has_room` says whether the policy can hold our statement beside those of others.

    Raises:
        Refused: the policy holds statements that are not ours, and nothing says what to do with them.
    """
    replaces, grant = target.overrides.replace_trust, target.grant
    earlier = grant.of_issuer(owner.issuer) if owner.verdict == "rebound" else None
    reading = read_trust(role.trust, grant, earlier, may_serve_pods=use.is_possible)
    removes = reading.removable if replaces else ()
    if reading.foreign and not replaces and not target.overrides.adopt:
        raise Refused(
            f"the trust policy of role {role.name} also holds: " + also_held(reading, use),
            remedy=_ways_to_go_on(reading, has_room),
            resource=ResourceRef("role", role.name),
        )
    ours = (grant.statement(),) if replaces else repaired(reading, grant, earlier)
    if consists_of(reading, ours) and not removes:
        return
    kept = [*reading.pods, *(one for one in reading.foreign if one not in removes)]
    gone = [f"condition {words}" for words in _lifted(reading, grant, earlier)] if replaces else []
    gone += map(in_words, removes)
    gone += map(in_words, () if replaces else dropped(reading, ours, grant, earlier))
    after = amended(role.trust, [*kept, *ours])
    done = _mended(reading) + "".join(f", removed: {words}" for words in gone)
    if not replaces:
        done += _bypassed(role.trust, after, grant)
    phase = Phase.EXCLUSION if removes or reading.stale else Phase.TRUST
    yield SetTrust(role.name, role.trust, after, done, phase)


def also_held(reading: TrustReading, use: PodUse) -> Sentence:
    """The foreign statements in words, and what is known of those for Pod Identity."""
    words = "; ".join(map(in_words, reading.foreign))
    if not any(map(trusts_pods, reading.foreign)):
        return words
    elsewhere = "" if use.is_possible else "; one of another cluster may"
    return f"{words} (" + use.words + f"{elsewhere})"


def pods_kept(target: Target, observed: Observed) -> tuple[Sentence, ...]:
    """What a person has to know of a statement for Pod Identity that stays: that it is unknown who needs it,
    or that `replace_trust` leaves it."""
    replaces = target.overrides.replace_trust
    if observed.role is None or not names_pods(observed.role.trust) or not observed.pod_use.is_possible:
        return ()
    if observed.pod_use.user and not replaces:
        return ()
    words = f"the trust policy of role {observed.role.name} goes on trusting pods.eks.amazonaws.com"
    return (f"{words}: " + observed.pod_use.words,)


def conditions_kept(target: Target, role: Role | None) -> tuple[Sentence, ...]:
    """The notice about further conditions of our statements that a run leaves in the trust policy."""
    if role is None:
        return ()
    grant = target.grant
    found = kept_conditions(role.trust, grant)
    if not found:
        return ()
    words = "; ".join(dict.fromkeys(map(conditions_in_words, found)))
    told = f"the trust policy of role {role.name} has conditions that iamsa did not set and keeps: {words}"
    ours = read_trust(role.trust, grant).ours
    if not any(admission(document, grant).is_possible for document in (role.trust, trust_policy(ours))):
        told += f"; with them the pods of serviceaccount {target.subject} cannot assume the role"
    elif len(found) < len(ours):
        told += "; they have no effect, because another statement trusts the ServiceAccount without them"
    return (f"{told}; " + Option("replace_trust") + " removes them",)


def _bypassed(before: Document, after: Document, grant: Grant) -> str:
    """Says that the ServiceAccount was trusted under conditions of others' statements, and now is without."""
    was, now = admission(before, grant), admission(after, grant)
    if (was.verdict, now.verdict) != ("depends", "allowed"):
        return ""
    return f", which trusts the ServiceAccount without the conditions on {', '.join(was.conditions)}"


def _ways_to_go_on(reading: TrustReading, has_room: bool) -> Sentence:
    keep = "add " + Option("adopt") + " to keep that"
    if has_room:
        return keep if reading.held else keep + ", or " + Option("replace_trust") + " to remove it"
    no_room = "there is no room for our statement beside it"
    if reading.held:
        another = "give another " + Option("role_name")
        return another + f", or have AWS raise the quota AssumeRolePolicySize: {no_room}"
    return "add " + Option("replace_trust") + f" to remove that: {no_room}"


def _lifted(reading: TrustReading, grant: Grant, earlier: Grant | None) -> Iterator[str]:
    """The further conditions of our statements, in words."""
    pairs: list[tuple[Document, Grant]] = [(one, grant) for one in reading.ours]
    pairs += [(one, earlier) for one in reading.stale] if earlier else []
    for statement, said in pairs:
        further = said.further(statement)
        if further:
            yield conditions_in_words(further)


def _mended(reading: TrustReading) -> str:
    if reading.stale:
        return "bound to the cluster's new issuer"
    return "repaired" if reading.ours else "extended with our statement"
