"""Generates docs/troubleshooting.md from doctor's checks: `python docs/troubleshooting.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kubectl_iamsa.spelling import spelled

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.check import Check
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.registry import CHECKS
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.symptoms import SYMPTOMS

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
    for symptom in SYMPTOMS:
        yield f"| {symptom} | {', '.join(_linked(check) for check in _checks(symptom))} |"


def _sections() -> Iterator[str]:
    for symptom in SYMPTOMS:
        yield f"## {symptom}"
        yield ""
        for check in _checks(symptom):
            yield from _section(check)


def _checks(symptom: str) -> list[Check]:
    return [check for check in CHECKS if check.symptom == symptom]


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
