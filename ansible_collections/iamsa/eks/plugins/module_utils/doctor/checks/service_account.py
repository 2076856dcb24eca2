# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the ServiceAccount itself, and of what AWS says to a token of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...model.pods import RESTARTABLE
from ...wording.text import Command, Option
from ..evidence import Evidence
from . import doc_links
from .check import Check, Finding, create_command


def service_account_missing(evidence: Evidence) -> Iterator[Finding]:
    if not evidence.has_namespace:
        yield Finding(
            f"namespace {evidence.chain.subject.namespace} does not exist", (Option("create_namespace"),)
        )
    elif evidence.chain.service_account is None:
        yield Finding(f"serviceaccount {evidence.chain.subject} does not exist")


def delete_unfinished(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    again = Command("delete", chain.subject.name, (Option("namespace", chain.subject.namespace),))
    if chain.is_being_deleted and (
        chain.role or not (chain.service_account and chain.service_account.deleting)
    ):
        yield Finding(f"a delete of {chain.named or 'its role'} was broken off", remedy=again)
    elif chain.service_account and chain.service_account.deleting:
        finalizers = ", ".join(chain.service_account.finalizers)
        held = f" and held by its finalizers {finalizers}" if finalizers else ""
        yield Finding(f"it is marked for deletion{held}: create it again once it is gone", mends=False)


def workload_elsewhere(evidence: Evidence) -> Iterator[Finding]:
    workload, chain = evidence.workload, evidence.chain
    if not workload or not evidence.neighbours or evidence.names_role or chain.is_being_deleted:
        return
    # Who names a ServiceAccount means it: what others of the namespace have is no advice.
    if chain.subject.name != "default":
        return
    named = ", ".join(evidence.neighbours)
    what = f"{workload.word} runs under {chain.subject.name}, which has no role, unlike {named}"
    if workload.kind in RESTARTABLE and len(evidence.neighbours) == 1:
        words = ("kubectl", "set", "serviceaccount", workload.word, evidence.neighbours[0])
        yield Finding(what, remedy=(*words, "-n", workload.namespace))
    else:
        yield Finding(f"{what}: set serviceAccountName", mends=False)


def token_refused(evidence: Evidence) -> Iterator[Finding]:
    exchange, provider = evidence.exchange, evidence.chain.facts.provider
    if not exchange or not exchange.refusal:
        return
    needed = _NEEDED.get(exchange.cause, "")
    what = f"AWS refused a token of {evidence.chain.subject}: {exchange.refusal}{needed}"
    if exchange.cause == "thumbprintMismatch" and provider and not evidence.chain.elsewhere:
        yield Finding(what, remedy=(*_SET_THUMBPRINT, provider.arn, "--thumbprint-list", "THUMBPRINT"))
    else:
        yield Finding(what, mends=False)


# What only people can do about a refusal.
_NEEDED: Mapping[str, str] = {
    "issuerNotReachable": ": it must be reachable from the internet",
    "issuerKeysMissing": ": it must be reachable from the internet, and publish the key",
    "stsNotActivated": ": an administrator activates it in IAM's account settings",
    "providerMissing": ": register it there",
    "audienceNotAccepted": ": add it there",
}
_SET_THUMBPRINT = (
    *("aws", "iam", "update-open-id-connect-provider-thumbprint"),
    "--open-id-connect-provider-arn",
)

NO_IDENTITY = "Pods have neither AWS_ROLE_ARN nor AWS_WEB_IDENTITY_TOKEN_FILE, and use the node's role."

SERVICE_ACCOUNT_CHECKS = (
    Check(
        "service-account-exists",
        "serviceAccount",
        "the ServiceAccount itself",
        "Pods are not created: serviceaccount not found.",
        "A pod cannot run under a ServiceAccount that does not exist. The name and the namespace must both be"
        " right.",
        doc_links.ROLE,
        create_command() + " makes it.",
        service_account_missing,
        after=("cluster-context",),
    ),
    Check(
        "service-account-deleting",
        "serviceAccount",
        "whether it is being deleted",
        NO_IDENTITY,
        "A delete takes the annotation away first, so that no new pod gets the role; the same delete again"
        " finishes the rest. One that is marked for deletion stays until its finalizers are gone.",
        doc_links.ROLE,
        "`"
        + Command("delete", "NAME")
        + "` goes on; `"
        + Command("create")
        + "` takes the role back into use. No command"
        " removes finalizers: whoever set them does.",
        delete_unfinished,
        after=("service-account-exists",),
    ),
    Check(
        "workload-account",
        "serviceAccount",
        "which ServiceAccount the workload runs under",
        "The ServiceAccount has a role, and the workload's pods do not.",
        "A template that names no ServiceAccount runs under default. The role belongs to another one of the"
        " namespace.",
        doc_links.POD,
        "`kubectl set serviceaccount` in the workload, or serviceAccountName in its manifest.",
        workload_elsewhere,
        after=("service-account-exists",),
    ),
    Check(
        "token-exchange",
        "serviceAccount",
        "whether AWS takes a token of the ServiceAccount (tried, and forgotten)",
        "AWS refuses pods although everything that can be read looks right.",
        "The token was asked for and given to AWS as a pod would. What AWS says is the last word; a role that"
        " was just made is often refused for some seconds.",
        doc_links.OIDC_TROUBLE,
        "Read AWS's reason; wait a minute after a first create. `aws iam"
        " update-open-id-connect-provider-thumbprint` sets the thumbprint of the issuer's top certificate.",
        token_refused,
        needs=("exchange",),
        after=("service-account-exists", "trust-depends"),
    ),
)
