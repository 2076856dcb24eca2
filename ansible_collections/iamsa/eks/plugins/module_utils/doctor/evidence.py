# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that was read for one ServiceAccount, for the checks to judge."""

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

# What can be read, or fail to be read. "told" is what the webhook injects into pods.
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


# Why no token is sent to AWS while another check fails.
UNTRIED = "the failed checks must pass first"


@dataclass(frozen=True)
class Exchange:
    """The result of sending AWS a token of the ServiceAccount: `refusal` is AWS's reason, "" if accepted.

    `cause` is the cause of the Reason.
    """

    refusal: str = ""
    cause: str = ""


@dataclass(frozen=True)
class Evidence:
    """What was read; `unread` maps each part that could not be read to the reason, a sentence.

    `mismatch` says why the API server is not the selected EKS cluster's, "" if it is. `providers` are the
    account's other OIDC providers for EKS clusters in the region. `own_role` is the role that iamsa created
    for the ServiceAccount, if the annotation names a role in another account. `probe` is the result of
    creating a pod as a dry run. `annotated_since` is when the annotations were last written (RFC 3339), "" if
    unknown. `neighbours` are the ServiceAccounts in the namespace that are bound to a role. `where` are the
    connection options of the commands that fix a finding, and `profile` is the AWS profile from the options
    or the kubeconfig. `has_namespace` is False only if the namespace is known not to exist.
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
        """Whether new pods get a role, from the annotation or from Pod Identity."""
        return self.chain.is_annotated or bool(self.associations)
