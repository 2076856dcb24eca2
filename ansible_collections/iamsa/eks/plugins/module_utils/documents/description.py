# SPDX-License-Identifier: GPL-3.0-or-later

"""The document that describe prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..doctor.chain import Chain
from ..doctor.checks.check import Result
from ..model.role import SeenRole
from .diagnosis import result_document
from .document import UNREAD, Document, role_document
from .parts import (
    details_part,
    owner_part,
    policies_part,
    provider_part,
    role_part,
    seen_associations_part,
    service_account_part,
    use_part,
)
from .spec import binding_spec, elsewhere_spec, role_spec


def description_document(chain: Chain, problems: Iterable[Result]) -> Document:
    """Return a ServiceAccountRole."""
    cluster, subject, seen = chain.facts.cluster, chain.subject, chain.seen
    status = chain.status
    return role_document(
        subject,
        cluster,
        {
            "state": status.state if status else UNREAD,
            "owner": owner_part(seen.role, cluster, subject) if seen else UNREAD,
            "role": _role(chain),
            "trust": _trust(chain) if seen else UNREAD,
            "policies": policies_part(seen.attached, seen.inline) if seen else UNREAD,
            "serviceAccount": _service_account(chain),
            "audience": chain.audience,
            "oidcProvider": UNREAD if chain.elsewhere else provider_part(chain.facts.provider),
            "podIdentityAssociations": seen_associations_part(chain.associations),
            "problems": [result_document(problem) for problem in problems],
        },
        _spec(chain, seen),
    )


def _spec(chain: Chain, seen: SeenRole | None) -> Document | None:
    """Return None if the ServiceAccount does not exist or has no role."""
    if chain.service_account is None or not (chain.named or seen):
        return None
    bound = binding_spec(chain.service_account, chain.now)
    if chain.elsewhere:
        return {**bound, **elsewhere_spec(chain.named)}
    if seen is None:
        return bound
    inline = dict.fromkeys(seen.inline)
    return {
        **bound,
        **role_spec(seen.role, chain.facts.cluster, chain.subject, seen.attached, inline, has_details=True),
    }


def _role(chain: Chain) -> Any:
    if chain.elsewhere:
        return UNREAD
    role = chain.role
    return {**role_part(role), **details_part(role), "lastUsed": use_part(chain.use)} if role else None


def _service_account(chain: Chain) -> Document | None:
    service_account = chain.service_account
    if service_account is None:
        return None
    return {
        **service_account_part(service_account.annotations, chain.facts.cluster, chain.subject),
        "finalizers": list(service_account.finalizers) if service_account.deleting else [],
    }


def _trust(chain: Chain) -> Document:
    admission = chain.admission
    return {
        "verdict": admission.verdict if admission else None,
        "conditions": list(admission.conditions) if admission else [],
        "statements": [
            {"mark": one.mark, "words": one.words, "statement": one.statement} for one in chain.statements
        ],
    }
