# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One chain in full, as a document for machines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..doctor.chain import Chain
from ..doctor.checks.check import Result
from ..identity.ownership import Ownership
from ..model.role import Role
from .parts import (
    API_VERSION,
    annotations_part,
    cluster_part,
    policies_part,
    provider_part,
    role_part,
    seen_associations_part,
)

KIND = "ServiceAccountRoleDescription"


def owner_in_words(chain: Chain, owner: Ownership) -> str:
    if owner.verdict == "foreign":
        return f"foreign, it {owner.owner}"
    whose = "this ServiceAccount" if owner.verdict == "ours" else "an earlier cluster's ServiceAccount"
    return f"iamsa, for {whose}" + (", taken over with --adopt" if chain.is_adopted else "")


def description_document(chain: Chain, problems: Iterable[Result]) -> dict[str, Any]:
    """One object of the kind ServiceAccountRoleDescription; what does not exist or was not read is null."""
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {"name": chain.subject.name, "namespace": chain.subject.namespace},
        "cluster": cluster_part(chain.facts.cluster),
        "oidcProvider": provider_part(chain.facts.provider),
        "audience": chain.audience,
        "podIdentityAssociations": seen_associations_part(chain.associations),
        "serviceAccount": {
            "annotations": annotations_part(chain.account.annotations),
            "madeByIamsa": chain.made_by_iamsa,
        }
        if chain.account
        else None,
        "role": _role_document(chain, chain.role, chain.owner) if chain.role and chain.owner else None,
        "policies": policies_part(chain.seen.attached, chain.seen.inline) if chain.seen else None,
        "problems": [
            {
                "link": problem.check.subject,
                "check": problem.check.id,
                "verdict": problem.verdict,
                "what": problem.what,
                "remedy": problem.remedy,
            }
            for problem in problems
        ],
    }


def _role_document(chain: Chain, role: Role, owner: Ownership) -> dict[str, Any]:
    return {
        **role_part(role),
        "description": role.description or "",
        "maxSessionDuration": role.max_session_duration,
        "owner": {"verdict": owner.verdict, "words": owner_in_words(chain, owner)},
        "lastUsed": {"at": chain.use.at, "region": chain.use.region} if chain.use else None,
        "trust": {
            "verdict": chain.admission.verdict if chain.admission else None,
            "conditions": list(chain.admission.conditions) if chain.admission else [],
            "statements": [
                {"mark": one.mark, "words": one.words, "statement": one.statement} for one in chain.statements
            ],
        },
    }
