"""The manual: kubectl-iamsa(1), and a page for each verb, made of the parser that reads the command line.

A page a verb, as kubectl and git have them: what all share would otherwise stand ten times in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from argparse_manpage.manpage import Manpage
from kubectl_iamsa.cli import DESCRIPTION, PROG, build_parser
from kubectl_iamsa.commands import predecessor
from kubectl_iamsa.parser import Parser
from kubectl_iamsa.verbs import GROUPS

NAME = "kubectl-iamsa"
ENVIRONMENT = {
    "KUBECONFIG": "the kubeconfig, or several with colons between them; default: ~/.kube/config",
    "IAMSA_CLUSTER_NAME": "the EKS cluster, where neither a flag nor the context tells it",
    "IAMSA_REGION": "its region, where neither a flag nor the context tells it",
    "IAMSA_PATH": "path of a new role",
    "IAMSA_PERMISSIONS_BOUNDARY": "ARN of the policy that bounds a new role",
    "IAMSA_TAGS": "tags of a new role, as KEY=VALUE,KEY=VALUE",
    "AWS_PROFILE, AWS_REGION, AWS_ACCESS_KEY_ID and others": "as the AWS CLI takes them",
    "KUBECTL_EXTERNAL_DIFF": "the program that diff shows a difference with",
    "KUBECTL_NAMESPACE": "the namespace of -c, -u and -l without --namespace",
    "NO_COLOR": "where it is set, doctor and describe use no colours",
}
EXIT_STATUS = {
    "0": "done; of diff: nothing would change; of verify: yes; of doctor: well",
    "1": "failed; of diff: something would change; of verify: no; of doctor: something fails",
    "2": "the command line cannot be right; nothing was done",
    "3": "of diff, verify and doctor: it could not be found out",
    "130": "interrupted, between two steps; the same command again goes on",
}
FILES = {
    "~/.kube/config": "the kubeconfig",
    "~/.aws/config, ~/.aws/credentials": "the AWS configuration",
}


def pages(version: str) -> dict[str, str]:
    """The name of each file and its text, in man's language."""
    top = build_parser()
    verbs = {f"{NAME}-{verb}": parser for verb, parser in top.verbs().items()}
    old = predecessor.build_parser(PROG).verbs()[predecessor.VERB]
    summaries = {verb: summary for group in GROUPS.values() for verb, summary in group.items()}
    made = {
        f"{name}.1": _page(name, parser, summaries[name.removeprefix(f"{NAME}-")], version)
        for name, parser in verbs.items()
    }
    made[f"{NAME}-gen3.1"] = _page(f"{NAME}-gen3", old, "the form of gen3 iam-serviceaccount", version)
    return {f"{NAME}.1": _overview(version), **made}


def write(folder: Path, version: str) -> list[Path]:
    """The paths of the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in pages(version).items():
        (folder / name).write_text(text)
        written.append(folder / name)
    return written


def _overview(version: str) -> str:
    parser = Parser(prog=NAME, usage=f"{PROG} VERB [options]", description=DESCRIPTION)
    parser._action_groups.clear()
    page = _manpage(NAME, parser, "AWS IAM roles for Kubernetes service accounts", version)
    for title, verbs in GROUPS.items():
        rows = {f"{PROG} {verb}": summary for verb, summary in verbs.items()}
        page.add_section(title, "=", _terms(rows))
    page.add_section("old form", "=", _text([predecessor.SUMMARY, f"See {NAME}-gen3(1)."]))
    page.add_section("environment", "=", _terms(ENVIRONMENT))
    page.add_section("exit status", "=", _terms(EXIT_STATUS))
    page.add_section("files", "=", _terms(FILES))
    page.add_section("see also", "=", _see(sorted(f"{NAME}-{verb}" for verb in build_parser().verbs())))
    return _clean(str(page))


def _page(name: str, parser: Parser, summary: str, version: str) -> str:
    parser.actions()
    examples, parser.epilog = parser.epilog, None
    page = _manpage(name, parser, summary, version)
    if examples:
        page.add_section("examples", "=", _verbatim(examples))
    page.add_section("see also", "=", _see([NAME]))
    return _clean(str(page))


def _manpage(name: str, parser: Parser, summary: str, version: str) -> Manpage:
    parser.prog = name
    data = {
        "project_name": "iamsa",
        "version": version,
        "manual_title": "iamsa manual",
        "description": summary,
    }
    page = Manpage(parser, _data=data, format="single-commands-section")
    page.synopsis = (parser.usage or "").split()
    return page


def _terms(rows: dict[str, str]) -> str:
    return "\n".join(f".TP\n\\fB{_escaped(term)}\\fR\n{_escaped(told)}" for term, told in rows.items())


def _text(sentences: Iterable[str]) -> str:
    return "\n".join(map(_escaped, sentences))


def _verbatim(text: str) -> str:
    lines = [f"\\&{_escaped(line.removeprefix('  '))}" if line else "" for line in text.rstrip().splitlines()]
    return "\n".join([".nf", *lines, ".fi"])


def _see(names: Iterable[str]) -> str:
    return " ,\n".join(f".BR {_escaped(name)} (1)" for name in names)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")


def _clean(text: str) -> str:
    """Only characters that every roff reads; and a value that may be left out goes with an equals sign."""
    optional = r" \\fI\\,\[(.*?)\]\\/\\fR"
    return re.sub(optional, r"[=\\fI\\,\1\\/\\fR]", text).replace("…", "...")
