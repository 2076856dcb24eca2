"""The parser of the whole program, whose help groups the verbs."""

from __future__ import annotations

from .argv.parser import Parser
from .gen3.words import SUMMARY
from .verbs import GROUPS, SUMMARIES


class Overview(Parser):
    """Its help is put together here: argparse knows one group of verbs, and is slow to lay it out."""

    def format_help(self) -> str:
        wide = max(map(len, SUMMARIES))
        groups = [
            f"{title}:\n" + "\n".join(f"  {verb:{wide}}  {summary}" for verb, summary in verbs.items())
            for title, verbs in GROUPS.items()
        ]
        return (
            "\n\n".join(
                [
                    self.description or "",
                    *groups,
                    f"Usage:\n  {self.usage}",
                    f'Use "{self.prog} VERB --help" for what a verb does and takes.\n{SUMMARY}',
                ]
            )
            + "\n"
        )
