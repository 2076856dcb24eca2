"""Generates docs/troubleshooting.md from doctor's checks: `python docs/troubleshooting.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kubectl_iamsa.spelling import spelled

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks import symptoms
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.check import Check, Subject
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.registry import CHECKS

PAGE = Path(__file__).with_suffix(".md")
INTRODUCTION = """\
# Troubleshooting

If a pod does not get its IAM role, run `kubectl iamsa doctor NAME -n NAMESPACE`. It runs all checks on this page, explains those that fail, and prints the commands that fix them. It changes nothing.

- `kubectl iamsa doctor deployment/NAME` checks the ServiceAccount and the pods of a workload.
- `kubectl iamsa doctor -A` checks all ServiceAccounts in the cluster that have a role.
- `kubectl iamsa verify NAME` checks that AWS accepts a token of the ServiceAccount.

If a run of iamsa failed or was interrupted, see [Interrupted runs](guarantees.md#interrupted-runs).

This page is generated from the checks: run `make docs`.

## Find the cause by error message or symptom

Checks in *italics* are warnings: they do not prevent pods from using their role.

| Error or symptom | Checks |
| --- | --- |
"""
# What a symptom with several possible causes means.
MEANINGS = {
    symptoms.ASSUME_DENIED: "The role does not exist, or its trust policy does not allow the ServiceAccount to"
    " assume it.",
    symptoms.NO_PROVIDER: "IAM has no OIDC provider for the issuer of the token in the role's AWS account.",
    symptoms.WRONG_AUDIENCE: "The OIDC provider in IAM does not accept the audience of the token.",
    symptoms.NO_VARIABLES: "The pod identity webhook did not add the role to the pod. AWS SDKs then use the"
    " node's role or fail, for example with `Unable to locate credentials`.",
    symptoms.OTHER_IDENTITY: "AWS SDKs use the first credentials that they find. These are not the credentials"
    " of the role that the ServiceAccount names.",
    symptoms.CALL_DENIED: "The pod assumed the role, but the role does not allow the action. Check the role's"
    " policies. These checks find missing policies and a wrong permissions boundary.",
    symptoms.TOO_OPEN: "The trust policy allows principals besides the ServiceAccount to assume the role.",
}
# The order of the checks of a symptom: the most likely causes first.
SUBJECTS: tuple[Subject, ...] = (
    *("role", "trust", "policies", "serviceAccount", "pod", "oidcProvider", "cluster"),
)
# The link text of a page by the start of its URL.
GUIDES = {
    "https://docs.aws.amazon.com/eks/latest/best-practices/": "Amazon EKS Best Practices Guide",
    "https://docs.aws.amazon.com/eks/": "Amazon EKS User Guide",
    "https://docs.aws.amazon.com/IAM/": "AWS IAM User Guide",
    "https://docs.aws.amazon.com/sdkref/": "AWS SDKs and Tools Reference Guide",
    "https://github.com/aws/amazon-eks-pod-identity-webhook": "Amazon EKS Pod Identity Webhook",
    "https://kubernetes.io/": "Kubernetes documentation",
}


def page() -> str:
    """The whole page, in Markdown."""
    return INTRODUCTION + "\n".join((*_table(), "", *_sections())) + "\n"


def _table() -> Iterator[str]:
    for symptom in symptoms.SYMPTOMS:
        yield f"| {symptom} | {', '.join(_linked(check) for check in _checks(symptom))} |"


def _sections() -> Iterator[str]:
    for symptom in symptoms.SYMPTOMS:
        yield f"## {symptom}"
        yield ""
        if symptom in MEANINGS:
            yield from (MEANINGS[symptom], "")
        for check in _checks(symptom):
            yield from _section(check)


def _checks(symptom: str) -> list[Check]:
    checks = [check for check in CHECKS if check.symptom == symptom]
    return sorted(checks, key=lambda check: SUBJECTS.index(check.subject))


def _section(check: Check) -> Iterator[str]:
    yield f"### {check.id}"
    yield ""
    yield f"Checks that {check.looks_at}." + (" This check is a warning." if check.warns else "")
    yield ""
    yield check.explanation
    yield ""
    yield f"**To fix it:** {spelled(check.mend)}"
    yield ""
    yield f"See the [{_guide(check.page)}]({check.page})."
    yield ""


def _guide(url: str) -> str:
    return next(title for start, title in GUIDES.items() if url.startswith(start))


def _linked(check: Check) -> str:
    link = f"[{check.id}](#{check.id})"
    return f"*{link}*" if check.warns else link


if __name__ == "__main__":
    PAGE.write_text(page())
