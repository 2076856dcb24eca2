# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for the role's trust policy: repair iamsa's statements; keep or remove the others as requested."""

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
from ..trust.gone import deleted_principals
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
    obstacle: str = "",
) -> Iterator[SetTrust]:
    """Repair iamsa's statement and keep its additional conditions; `replace_trust` removes these and all
    other statements.

    A statement for Pod Identity is kept if an association uses the role, or may use it (`use`). `obstacle` is
    why iamsa's statement cannot be added next to the others, as a predicate.

    Raises:
        Refused: the policy contains other statements, and neither `adopt` nor `replace_trust` is set.
    """
    replaces, grant = target.overrides.replace_trust, target.grant
    earlier = grant.of_issuer(owner.issuer) if owner.verdict == "rebound" else None
    reading = read_trust(role.trust, grant, earlier, may_serve_pods=use.is_possible)
    removes = reading.removable if replaces else ()
    if reading.unmanaged and not replaces and not target.overrides.adopt:
        raise Refused(
            f"the trust policy of role {role.name} also contains: " + also_held(reading, use),
            remedy=_ways_to_go_on(reading, obstacle),
            resource=ResourceRef("role", role.name),
        )
    ours = (grant.statement(),) if replaces else repaired(reading, grant, earlier)
    if consists_of(reading, ours) and not removes:
        return
    kept = [*reading.pods, *(one for one in reading.unmanaged if one not in removes)]
    gone = [f"condition {words}" for words in _lifted(reading, grant, earlier)] if replaces else []
    gone += map(in_words, removes)
    gone += map(in_words, () if replaces else dropped(reading, ours, grant, earlier))
    after = amended(role.trust, [*kept, *ours])
    if obstacle and deleted_principals(kept):
        raise Refused(
            f"the trust policy of role {role.name} {obstacle}",
            remedy=_ways_to_go_on(reading, obstacle),
            resource=ResourceRef("role", role.name),
        )
    done = _mended(reading) + "".join(f", removed: {words}" for words in gone)
    if not replaces:
        done += _bypassed(role.trust, after, grant)
    phase = Phase.EXCLUSION if removes or reading.stale else Phase.TRUST
    yield SetTrust(role.name, role.trust, after, done, phase)


def also_held(reading: TrustReading, use: PodUse) -> Sentence:
    """The statements that iamsa did not add, in words, and whether Pod Identity needs them."""
    words = "; ".join(map(in_words, reading.unmanaged))
    if not any(map(trusts_pods, reading.unmanaged)):
        return words
    elsewhere = "" if use.is_possible else "; one of another cluster may"
    return f"{words} (" + use.words + f"{elsewhere})"


def it_or_them(reading: TrustReading) -> str:
    """The pronoun for the statements that iamsa did not add."""
    return "it" if len(reading.unmanaged) == 1 else "them"


def pods_kept(target: Target, observed: Observed) -> tuple[Sentence, ...]:
    """The notice about a statement for Pod Identity that is kept although it may be unused, or although
    `replace_trust` is set."""
    replaces = target.overrides.replace_trust
    if observed.role is None or not names_pods(observed.role.trust) or not observed.pod_use.is_possible:
        return ()
    if observed.pod_use.user and not replaces:
        return ()
    words = f"the trust policy of role {observed.role.name} still trusts pods.eks.amazonaws.com"
    return (f"{words}, because " + observed.pod_use.words,)


def conditions_kept(target: Target, role: Role | None) -> tuple[Sentence, ...]:
    """The notice about additional conditions in iamsa's statements, which a run keeps."""
    if role is None:
        return ()
    grant = target.grant
    found = kept_conditions(role.trust, grant)
    if not found:
        return ()
    words = "; ".join(dict.fromkeys(map(conditions_in_words, found)))
    notice = f"iamsa keeps conditions that it did not set in the trust policy of role {role.name}: {words}"
    ours = read_trust(role.trust, grant).ours
    if not any(admission(document, grant).is_possible for document in (role.trust, trust_policy(ours))):
        notice += f"; with these conditions, pods of serviceaccount {target.subject} cannot assume the role"
    elif len(found) < len(ours):
        notice += "; they have no effect, because another statement trusts the ServiceAccount without them"
    return (f"{notice}; use " + Option("replace_trust") + " to remove them",)


def _bypassed(before: Document, after: Document, grant: Grant) -> str:
    """A clause if only conditional statements trusted the ServiceAccount before, and now one does without."""
    was, now = admission(before, grant), admission(after, grant)
    if (was.verdict, now.verdict) != ("depends", "allowed"):
        return ""
    return f", which trusts the ServiceAccount without the conditions on {', '.join(was.conditions)}"


def _ways_to_go_on(reading: TrustReading, obstacle: str) -> Sentence:
    them = it_or_them(reading)
    keep = "add " + Option("adopt") + f" to keep {them}"
    if not obstacle:
        return keep if reading.held else keep + ", or " + Option("replace_trust") + f" to remove {them}"
    if not reading.held:
        return "add " + Option("replace_trust") + f" to remove {them}: the policy {obstacle}"
    another = "use another " + Option("role_name")
    if deleted_principals(reading.unmanaged):
        return another + f", or edit the policy: it {obstacle}"
    return another + f", or request an increase of the quota AssumeRolePolicySize from AWS: it {obstacle}"


def _lifted(reading: TrustReading, grant: Grant, earlier: Grant | None) -> Iterator[str]:
    """The additional conditions of iamsa's statements, in words."""
    pairs: list[tuple[Document, Grant]] = [(one, grant) for one in reading.ours]
    pairs += [(one, earlier) for one in reading.stale] if earlier else []
    for statement, said in pairs:
        further = said.further(statement)
        if further:
            yield conditions_in_words(further)


def _mended(reading: TrustReading) -> str:
    if reading.stale:
        return "bound to the cluster's new issuer"
    return "repaired" if reading.ours else "extended with iamsa's statement"
