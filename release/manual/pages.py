"""Generates a page for the program and one for each command, as kubectl and git have them.

The options that all commands share are on the page of the program and on that of the command `options`.
argparse-manpage formats what the parser knows: https://pypi.org/project/argparse-manpage/
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

from argparse_manpage.manpage import Manpage, _ManpageFormatter
from kubectl_iamsa.argv.parser import Parser, SwitchAction
from kubectl_iamsa.flags.connection import add_connection_options
from kubectl_iamsa.gen3 import argv as gen3
from kubectl_iamsa.gen3.words import VERB
from kubectl_iamsa.verb_tree import DESCRIPTION, GROUPS, PROG, SUMMARIES, build_parser

from release.manual import facts, roff

NAME = "kubectl-iamsa"
GEN3 = "gen3"
# The names of the default group of options in the versions of argparse.
UNNAMED = ("options", "optional arguments")
# Long names and flags are hard to read and to search if they are justified or hyphenated.
LOOSE = ".nr HY 0\n.nh\n.ad l\n"
GEN3_SUMMARY = "the command line of gen3 iam-serviceaccount"
ABOUT = f"""\
{DESCRIPTION} One command creates a role with its policies, allows a single ServiceAccount to assume it, and
annotates the ServiceAccount. Run again, it repairs drift and changes nothing else.

kubectl runs it as {PROG}. Results go to standard output, messages to standard error."""
EXAMPLE = """\
  # Create a role with an AWS managed policy for the ServiceAccount my-sa
  kubectl iamsa create my-sa -p AmazonS3ReadOnlyAccess -n web

  # Check that its pods can assume the role
  kubectl iamsa verify my-sa -n web

  # Find out why they cannot
  kubectl iamsa doctor my-sa -n web

  # Delete what iamsa created
  kubectl iamsa delete my-sa -n web
"""


class _Formatter(_ManpageFormatter):  # type: ignore[misc]
    """Writes options as --help does, in groups under one heading, with a reference for the `shared` group."""

    shared: argparse._ArgumentGroup | None = None

    def _format_action_invocation(self, action: argparse.Action) -> str:
        if not action.option_strings:
            return rf"\fI{action.metavar}\fR"
        flags = ", ".join(map(roff.bold, action.option_strings))
        if action.nargs == 0:
            return flags
        value = rf"\fI{action.metavar}\fR"
        return rf"{flags}[={value}]" if action.nargs == "?" else f"{flags} {value}"

    def _format_action_group(
        self, action_group: argparse._ArgumentGroup, subcommand: str | None = None
    ) -> list[str]:
        if action_group is self.shared:
            return [
                ".SS Connection",
                f".BR {roff.literal(NAME)}\\-options (1)",
                "has the connection options.",
            ]
        lines: list[str] = super()._format_action_group(action_group, subcommand)
        if not lines or action_group.title is None:
            return lines
        return [f".SS {'General' if action_group.title in UNNAMED else action_group.title}", *lines[1:]]


def build_man_parser() -> Parser:
    """Return the parser of the program, without its commands."""
    parser = Parser(prog=NAME, usage=f"{PROG} COMMAND [options]")
    parser.add_argument("--version", action=SwitchAction, help="print the version")
    add_connection_options(parser)
    parser.show_shared_group()
    return parser


def pages(version: str, date: str) -> dict[str, str]:
    """Return the text of each page by file name. `date` has the form 2026-11-25."""
    top = build_parser()
    shown = {NAME: _program(version, date)}
    for verb, parser in top.verbs().items():
        shown[f"{NAME}-{verb}"] = _verb(verb, SUMMARIES[verb], parser, version, date)
    form = gen3.build_parser(PROG).verbs()[VERB]
    shown[f"{NAME}-{GEN3}"] = _verb(GEN3, GEN3_SUMMARY, form, version, date)
    return {f"{name}.1": text for name, text in shown.items()}


def write(folder: Path, version: str) -> list[Path]:
    """Write the pages to `folder`, with the date of SOURCE_DATE_EPOCH, or of today if it is not set.

    Source: https://reproducible-builds.org/specs/source-date-epoch/
    """
    folder.mkdir(parents=True, exist_ok=True)
    moment = int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
    date = datetime.fromtimestamp(moment, timezone.utc).date().isoformat()
    made = pages(version, date)
    for name, text in made.items():
        (folder / name).write_text(text, encoding="ascii", newline="\n")
    return [folder / name for name in made]


def _program(version: str, date: str) -> str:
    page = _page(build_man_parser(), NAME, DESCRIPTION.rstrip("."), version, date)
    verbs = "\n".join(f".SS {title}\n{_references(verbs)}" for title, verbs in GROUPS.items())
    gen3 = f".SS Compatibility with gen3\n{_references({GEN3: GEN3_SUMMARY})}"
    _describe(page, ABOUT, f"\n.SH COMMANDS\n{verbs}\n{gen3}")
    page.add_section("examples", "=", roff.examples(EXAMPLE))
    variables = {**facts.OWN_VARIABLES, **facts.OTHER_VARIABLES}
    page.add_section("environment", "=", roff.tagged(variables))
    codes = [_codes(facts.EXIT_CODES[""])]
    codes += [
        f".SS Exit status of {verb}\n{_codes(special)}" for verb, special in facts.EXIT_CODES.items() if verb
    ]
    page.add_section("exit status", "=", "\n".join(codes))
    page.add_section("files", "=", roff.tagged(facts.FILES))
    names = [f"{NAME}-{verb}" for verb in SUMMARIES]
    page.add_section("see also", "=", _see_also([*names, f"{NAME}-{GEN3}", "kubectl"]))
    return _text(page)


def _verb(verb: str, summary: str, parser: Parser, version: str, date: str) -> str:
    parser.actions()
    page = _page(parser, f"{NAME}-{verb}", summary, version, date)
    _describe(page, parser.description or "")
    if parser.epilog:
        page.add_section("examples", "=", roff.examples(parser.epilog))
        parser.epilog = None
    codes = {**facts.EXIT_CODES[""], **facts.EXIT_CODES.get(verb, {})}
    page.add_section("exit status", "=", _codes(codes))
    related = [NAME, *([f"{NAME}-options"] if parser.shared_group else []), "kubectl"]
    page.add_section("see also", "=", _see_also(related))
    return _text(page)


def _text(page: Manpage) -> str:
    head, _, body = str(page).partition("\n")
    # mandoc does not recognize a date with escaped hyphens.
    head = head.replace(page.date.replace("-", r"\-"), page.date)
    return roff.ascii_only(f"{head}\n{LOOSE}{body}")


def _page(parser: Parser, name: str, summary: str, version: str, date: str) -> Manpage:
    data = {
        "description": summary,
        "project_name": "iamsa",
        "version": version,
        "date": date,
        "manual_title": f"{PROG} Manual",
    }
    page = Manpage(parser, _data=data, format="pretty")
    page.prog = name
    page.mf = _Formatter(name, page.formatter, format="pretty")
    page.mf.shared = parser.shared_group
    page.add_section("synopsis", "=", roff.bold(parser.usage or ""))
    return page


def _describe(page: Manpage, text: str, more: str = "") -> None:
    page.parser.description = None
    # argparse-manpage adds the groups of options after this.
    page.add_section("description", "=", f"{roff.prose(text)}{more}\n.SH OPTIONS")


def _references(verbs: Mapping[str, str]) -> str:
    return "\n".join(
        f".TP\n.BR {roff.literal(NAME)}\\-{verb} (1)\n{roff.prose(line)}" for verb, line in verbs.items()
    )


def _codes(codes: Mapping[int, str]) -> str:
    return roff.tagged({str(code): codes[code] for code in sorted(codes)})


def _see_also(names: list[str]) -> str:
    return "\n".join(f".BR {roff.literal(name)} (1)," for name in names).rstrip(",")
