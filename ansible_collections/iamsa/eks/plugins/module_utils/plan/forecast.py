# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What will be there once steps are done: what dry run and check mode report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..identity.subject import Subject
from ..model.observed import ClusterFacts, Observed, ServiceAccount
from ..model.role import Provider, Role
from ..model.steps import AnnotationsPatch, AnnotationsWrite, Step


def forecast_cluster(facts: ClusterFacts, steps: Iterable[Step]) -> ClusterFacts:
    """The cluster's facts after `steps`."""
    arn = facts.home.provider_arn(facts.cluster.issuer)
    return replace(facts, provider=forecast_provider(facts.provider, arn, steps))


def forecast_provider(provider: Provider | None, arn: str, steps: Iterable[Step]) -> Provider | None:
    """The OIDC provider with this ARN after `steps`."""
    for step in steps:
        if step.target.kind == "oidc-provider":
            provider = _provider(provider or Provider(arn, ()), step)
    return provider


def forecast_role(facts: Observed, steps: Iterable[Step], subject: Subject) -> Observed:
    """The role's facts after `steps`; `subject` is whose ServiceAccount a creation makes."""
    for step in steps:
        if step.target.kind == "role":
            facts = _role(facts, step)
        elif step.target.kind == "namespace":
            facts = replace(facts, namespaces={**facts.namespaces, step.target.name: "active"})
        elif step.target.kind == "serviceaccount":
            account = _account(facts.service_accounts.get(subject), step, subject)
            facts = replace(facts, service_accounts={**facts.service_accounts, subject: account})
    return facts


def _provider(provider: Provider, step: Step) -> Provider | None:
    if step.verb == "delete":
        return None
    if step.target.part == "tags":
        return replace(provider, tags=_provider_tags(provider.tags, step))
    tags = step.after.get("tags", provider.tags)
    return replace(provider, audiences=tuple(step.after["audiences"]), tags=tags)


def _provider_tags(tags: Mapping[str, str], step: Step) -> dict[str, str]:
    """Other than those of roles, a provider's keys are told apart by case.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
    """
    if step.verb == "remove":
        return {key: tags[key] for key in tags if key not in step.before}
    return {**tags, **step.after}


def _role(facts: Observed, step: Step) -> Observed:
    part, after, before = step.target.part, step.after, step.before
    if step.verb == "delete" and not part:
        return replace(facts, role=None)
    if part == "policy":
        attached = dict(facts.attached)
        if after is None:
            attached.pop(before["arn"], None)
        else:
            attached[after["arn"]] = after["name"]
        return replace(facts, attached=attached)
    if part == "inline policy":
        inline = dict(facts.inline)
        if after is None:
            inline.pop(before["name"], None)
        else:
            inline[after["name"]] = after["document"]
        return replace(facts, inline=inline)
    return replace(facts, role=_changed(facts.role, step))


def _changed(role: Role | None, step: Step) -> Role:
    if role is None:
        made: Role = step.after
        return made
    part, after = step.target.part, step.after
    if step.verb == "remove" and part == "tags":
        return replace(role, tags={key: role.tags[key] for key in role.tags if key not in step.before})
    if part == "tags":
        return replace(role, tags=retagged(role.tags, after))
    if part == "settings":
        return replace(role, **after)
    return replace(
        role, **{"boundary": {"permissions_boundary": after}, "trust policy": {"trust": after}}[part]
    )


def retagged(tags: Mapping[str, str], written: Mapping[str, str]) -> dict[str, str]:
    """The tags after TagRole, which replaces a tag also where its key differs in case.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
    """
    replaced = {key.casefold() for key in written}
    return {**{key: value for key, value in tags.items() if key.casefold() not in replaced}, **written}


def _account(account: ServiceAccount | None, step: Step, subject: Subject) -> ServiceAccount | None:
    if step.verb == "delete":
        return replace(account, deleting=True) if account and account.finalizers else None
    if isinstance(step.after, AnnotationsPatch) and account:
        changed = {**account.annotations, **step.after.changes}
        kept = {key: value for key, value in changed.items() if value is not None}
        return replace(account, annotations=kept)
    if isinstance(step.after, AnnotationsWrite) and account:
        return replace(account, annotations={**account.annotations, **step.after.changed})
    return ServiceAccount(subject, dict(step.after))
