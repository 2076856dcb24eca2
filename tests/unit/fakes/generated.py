# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Observed and desired states of every kind, for properties of plans."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from unit.fakes.examples import (
    AUDIENCE,
    BOUNDARY,
    EARLIER_ISSUER,
    FACTS,
    HOME,
    OPS_STATEMENT,
    OTHER_BOUNDARY,
    PROVIDER_ARN,
    READ_S3,
    READ_SQS,
    ROLE_ARN,
    ROLE_NAME,
    desired,
    document,
    inline,
    observed,
    our_role,
    our_statement,
    service_account,
)
from unit.fakes.starts import MANY

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_ROLE_ARN,
    TAG_BOUNDARY,
    TAG_CLUSTER,
    TAG_ISSUER,
    TAG_MANAGER,
    TAG_NAMESPACE,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import Desired
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import (
    ClusterFacts,
    Observed,
    ServiceAccount,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Provider, Role
from ansible_collections.iamsa.eks.plugins.module_utils.policy.limits import Quotas
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ResolvedPolicy

OURS = our_statement()
_CONDITION = OURS["Condition"]["StringEquals"]
_SUBJECT_KEY = next(key for key in _CONDITION if key.endswith(":sub"))

STATEMENTS: list[Any] = [
    OURS,
    {**OURS, "Sid": "Web"},
    {**OURS, "Action": "sts:AssumeRole"},
    {**OURS, "Condition": {"StringEquals": {_SUBJECT_KEY: _CONDITION[_SUBJECT_KEY]}}},
    {**OURS, "Condition": {"StringLike": {_SUBJECT_KEY: "system:serviceaccount:*"}}},
    {**OURS, "Condition": {"StringEquals": {_SUBJECT_KEY: [_CONDITION[_SUBJECT_KEY], "x"]}}},
    {**OURS, "Effect": "Deny"},
    {**OURS, "Condition": {**OURS["Condition"], "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
    {
        **OURS,
        "Action": "sts:TagSession",
        "Condition": {"StringEquals": {**_CONDITION, "aws:SourceVpc": "vpc-1"}},
    },
    our_statement(EARLIER_ISSUER),
    dict(OPS_STATEMENT),
    "no statement",
    {"Condition": "no condition"},
]
POLICIES = [READ_S3, READ_SQS, *MANY]
ASKED: list[ResolvedPolicy] = [*POLICIES[:4], inline()]
OVERRIDES = (
    *("adopt", "replace_trust", "rebind", "force_conflicts", "purge"),
    *("create_oidc_provider", "create_namespace"),
)

clusters: st.SearchStrategy[ClusterFacts] = st.sampled_from(
    [
        FACTS,
        replace(FACTS, provider=None),
        replace(FACTS, provider=Provider(PROVIDER_ARN, ("other",))),
        replace(FACTS, provider=Provider(PROVIDER_ARN, ("vault", AUDIENCE))),
    ]
)


@st.composite
def desired_states(draw: st.DrawFn, /, **overrides: bool) -> Desired:
    """Anything desired; an override that is named is as it is given, the others are drawn."""
    drawn = {name: draw(st.sampled_from([True, True, False])) for name in OVERRIDES}
    return desired(
        name=draw(st.sampled_from([None, ROLE_NAME])),
        path=draw(st.sampled_from([None, None, "/iamsa/"])),
        permissions_boundary=draw(st.sampled_from([None, BOUNDARY])),
        tags=draw(st.sampled_from([{}, {"team": "web"}, {"Team": "web"}])),
        description=draw(st.sampled_from([None, "", "reads"])),
        max_session_duration=draw(st.sampled_from([None, 7200])),
        audience=draw(st.sampled_from([AUDIENCE, AUDIENCE, AUDIENCE, "vault"])),
        token_expiration=draw(st.sampled_from([None, 600])),
        **{**drawn, **overrides},
    )


@st.composite
def roles(draw: st.DrawFn) -> Role | None:
    if draw(st.integers(0, 5)) == 0:
        return None
    tags = dict(our_role().tags)
    drifts: dict[str, list[str | None]] = {
        TAG_MANAGER: [None, "someone"],
        TAG_CLUSTER: [None, "other"],
        TAG_ISSUER: [None, EARLIER_ISSUER],
        TAG_NAMESPACE: ["other"],
        TAG_BOUNDARY: [BOUNDARY, OTHER_BOUNDARY],
        "team": ["ops", "web"],
    }
    for key, values in drifts.items():
        if draw(st.integers(0, 7)) == 0:
            value = draw(st.sampled_from(values))
            tags = {**tags, key: value} if value else {k: v for k, v in tags.items() if k != key}
    statements = draw(st.lists(st.sampled_from(STATEMENTS), max_size=3))
    return our_role(
        tags=tags,
        trust={"Version": "2012-10-17", "Statement": draw(st.sampled_from([statements, statements or OURS]))},
        permissions_boundary=draw(st.sampled_from([None, BOUNDARY, OTHER_BOUNDARY])),
        description=draw(st.sampled_from([None, "", "old"])),
        max_session_duration=draw(st.sampled_from([3600, 7200])),
    )


@st.composite
def service_accounts(draw: st.DrawFn) -> ServiceAccount | None:
    annotations = draw(
        st.dictionaries(
            st.sampled_from([ANNOTATION_ROLE_ARN, "team"]),
            st.sampled_from([ROLE_ARN, "", HOME.role_arn("/", "old")]),
        )
    )
    if draw(st.integers(0, 4)) == 0:
        annotations[ANNOTATION_AUDIENCE] = draw(st.sampled_from([AUDIENCE, "vault"]))
    owners = {key: draw(st.sampled_from(["kubectl-iamsa", "helm"])) for key in annotations}
    return draw(st.sampled_from([None, service_account(annotations, owners)]))


@st.composite
def states(draw: st.DrawFn) -> Observed:
    role = draw(roles())
    documents = st.sampled_from([None, document(), document("s3:*")])
    names = st.sampled_from(["reader", "old"])
    return observed(
        role,
        draw(service_accounts()),
        *draw(st.lists(st.sampled_from(ASKED), unique_by=repr, max_size=4)),
        attached=tuple(draw(st.lists(st.sampled_from(POLICIES), unique=True, max_size=11))) if role else (),
        inline=draw(st.dictionaries(names, documents)) if role else {},
        quotas=draw(st.sampled_from([None, Quotas(10, 2048, 10_240), Quotas(12, 4096, 10_240)])),
        namespaces={"web": draw(st.sampled_from(["active", "active", "unknown", "missing"]))},
    )
