# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the ServiceAccount, and of whether AWS accepts its tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...model.observed import held_by
from ...model.pods import RESTARTABLE
from ...wording.text import Command, Option
from ..evidence import Evidence
from . import doc_links, symptoms
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
        yield Finding(f"the deletion of {chain.named or 'the role'} was interrupted", remedy=again)
    elif chain.service_account and chain.service_account.deleting:
        finalizers = chain.service_account.finalizers
        held = f" and {held_by(finalizers)}" if finalizers else ""
        what = f"the ServiceAccount is marked for deletion{held}; create it again after it is deleted"
        yield Finding(what, mends=False)


def workload_elsewhere(evidence: Evidence) -> Iterator[Finding]:
    workload, chain = evidence.workload, evidence.chain
    if not workload or not evidence.neighbours or evidence.names_role or chain.is_being_deleted:
        return
    # A template that names another ServiceAccount than default does so on purpose.
    if chain.subject.name != "default":
        return
    named = ", ".join(evidence.neighbours)
    what = f"{workload.word} uses the ServiceAccount {chain.subject.name}, which has no role, unlike {named}"
    if workload.kind in RESTARTABLE and len(evidence.neighbours) == 1:
        words = ("kubectl", "set", "serviceaccount", workload.word, evidence.neighbours[0])
        yield Finding(what, remedy=(*words, "-n", workload.namespace))
    else:
        yield Finding(f"{what}; set serviceAccountName", mends=False)


def token_refused(evidence: Evidence) -> Iterator[Finding]:
    exchange, provider = evidence.exchange, evidence.chain.facts.provider
    if not exchange or not exchange.refusal:
        return
    needed = _NEEDED.get(exchange.cause, "")
    what = f"AWS rejected a token of {evidence.chain.subject}: {exchange.refusal}{needed}"
    if exchange.cause == "thumbprintMismatch" and provider and not evidence.chain.elsewhere:
        yield Finding(what, remedy=(*_SET_THUMBPRINT, provider.arn, "--thumbprint-list", "THUMBPRINT"))
    else:
        yield Finding(what, mends=False)


# What a person has to do about a rejected token, by cause.
_NEEDED: Mapping[str, str] = {
    "issuerNotReachable": "; the issuer must be reachable from the internet",
    "issuerKeysMissing": "; the issuer must be reachable from the internet and publish the key",
    "stsNotActivated": "; an administrator can activate it in the account settings of IAM",
    "providerMissing": "; register it there",
    "audienceNotAccepted": "; add it there",
}
_SET_THUMBPRINT = (
    *("aws", "iam", "update-open-id-connect-provider-thumbprint"),
    "--open-id-connect-provider-arn",
)

SERVICE_ACCOUNT_CHECKS = (
    Check(
        "service-account-exists",
        "serviceAccount",
        "the ServiceAccount exists",
        symptoms.NO_SERVICE_ACCOUNT,
        "A pod cannot use a ServiceAccount that does not exist. Check both the name and the namespace.",
        doc_links.ROLE,
        "Run " + create_command() + " to create the ServiceAccount.",
        service_account_missing,
        after=("cluster-context",),
    ),
    Check(
        "service-account-deleting",
        "serviceAccount",
        "the ServiceAccount is not being deleted",
        symptoms.NO_VARIABLES,
        "The delete command removes the annotation first, so that new pods no longer get the role, and an"
        " interrupted run leaves the rest in place. A ServiceAccount that is marked for deletion exists until"
        " its finalizers are removed.",
        doc_links.ROLE,
        "Run `"
        + Command("delete", "NAME")
        + "` to finish the deletion, or "
        + create_command()
        + " to use the role again. If finalizers hold the ServiceAccount, the controller that set them must"
        " remove them.",
        delete_unfinished,
        after=("service-account-exists",),
    ),
    Check(
        "workload-account",
        "serviceAccount",
        "the workload uses the ServiceAccount that has the role",
        symptoms.NO_VARIABLES,
        "Pods whose template does not set serviceAccountName use the ServiceAccount default. The role belongs"
        " to another ServiceAccount in the namespace.",
        doc_links.POD,
        "Run `kubectl set serviceaccount WORKLOAD NAME`, or set serviceAccountName in the manifest.",
        workload_elsewhere,
        after=("service-account-exists",),
    ),
    Check(
        "token-exchange",
        "serviceAccount",
        "AWS accepts a token of the ServiceAccount (tested with a real token)",
        symptoms.TOKEN_REFUSED,
        "iamsa requested a token and sent it to AWS STS as a pod does, and STS rejected it. AWS can reject"
        " tokens for a few seconds after a role is created.",
        doc_links.OIDC_TROUBLE,
        "Read the reason that AWS gives; if the role is new, wait a minute and check again. If the thumbprint"
        " does not match, run `aws iam update-open-id-connect-provider-thumbprint` with the thumbprint of the"
        " issuer's top certificate.",
        token_refused,
        needs=("exchange",),
        after=("service-account-exists", "trust-depends"),
    ),
)
