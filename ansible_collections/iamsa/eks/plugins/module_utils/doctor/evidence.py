# SPDX-License-Identifier: GPL-3.0-or-later

"""All that was seen around one ServiceAccount: what checks judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..model.association import Association
from ..model.pods import Pod, Workload
from ..model.role import Provider, SeenRole
from ..model.webhook import NO_PROBE, Probe, Webhook
from ..policy.equality import Document
from ..policy.limits import Quotas
from ..wording.text import Option, Sentence
from .chain import Chain

# "told": what the webhook reads of a ServiceAccount and tells its pods.
Part = Literal[
    "provider",
    "providers",
    "role",
    "policies",
    "boundary",
    "quota",
    "webhooks",
    "namespace",
    "pods",
    "probe",
    "told",
    "associations",
    "agent",
    "exchange",
]


# Why a token is not tried as long as something else is wrong.
UNTRIED = "what fails comes first"


@dataclass(frozen=True)
class Exchange:
    """What came of giving AWS a token of the ServiceAccount: `refusal` is its reason, "" if it took it.

    `cause` is that of the Reason.
    """

    refusal: str = ""
    cause: str = ""


@dataclass(frozen=True)
class Evidence:
    """What was seen; `unread` says of each part that was not why not, in a sentence.

    `mismatch` says how the API server and the EKS cluster are not one, "" where they are proven to be.
    `providers` are the account's other providers for EKS clusters of the region. `own_role` is the role that
    iamsa made for the ServiceAccount, read where the annotation names one of another account.
    `probe` is what came of a pod that was created as a dry run. `annotated_since` is when
    the annotations were last written (RFC 3339), "" where that is not known. `neighbours` are annotated
    ServiceAccounts of the namespace. `where` are the options that say to a command where to work, and
    `profile` is the AWS profile that a flag or the kubeconfig names. `has_namespace`: False only if known.
    """

    chain: Chain
    unread: Mapping[Part, Sentence] = field(default_factory=dict)
    mismatch: Sentence = ""
    own_role: SeenRole | None = None
    providers: tuple[Provider, ...] = ()
    boundary: Document | None = None
    quotas: Quotas | None = None
    webhooks: tuple[Webhook, ...] = ()
    has_namespace: bool = True
    namespace_labels: Mapping[str, str] = field(default_factory=dict)
    probe: Probe = NO_PROBE
    annotated_since: str = ""
    workload: Workload | None = None
    neighbours: tuple[str, ...] = ()
    pods: tuple[Pod, ...] = ()
    associations: tuple[Association, ...] = ()
    has_agent: bool = False
    exchange: Exchange | None = None
    where: tuple[Option, ...] = ()
    profile: str = ""

    @property
    def names_role(self) -> bool:
        """Whether new pods get a role at all: by the annotation, or by Pod Identity alone."""
        return self.chain.is_annotated or bool(self.associations)
