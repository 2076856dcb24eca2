"""Spells the options and commands in the core's messages as flags and commands."""

from __future__ import annotations

from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import (
    THE_PROGRAM,
    THE_TRACEBACK,
    THIS_RUN,
    say,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import (
        Command,
        Option,
        Sentence,
        Term,
    )

_SHORT = {"all_namespaces": "-A", "namespace": "-n", "policy": "-p"}
# Options that only a module has, and the module. (The --force of `completion` is another option.)
MODULE_OPTIONS = dict.fromkeys(("force", "purge_audiences"), "iam_oidc_provider")
_TERMS = {
    THIS_RUN: "the same command",
    THE_PROGRAM: "kubectl iamsa …",
    THE_TRACEBACK: "the traceback that IAMSA_DEBUG=1 shows",
}


class Flags:
    """Spells flags as `--adopt` or `--role-name x`, and commands quoted for a shell."""

    def knows(self, option: Option) -> bool:
        return option.name not in MODULE_OPTIONS

    def option(self, option: Option) -> str:
        if option.name in MODULE_OPTIONS:
            return f"{option.name}: true of the module {MODULE_OPTIONS[option.name]}"
        return _joined(words_of(option)) + (f" of kubectl iamsa {option.of}" if option.of else "")

    def command(self, command: Command) -> str:
        words = ["kubectl", "iamsa", command.verb, *filter(None, [command.name])]
        for option in command.given:
            flag, *value = words_of(option)
            words += [_SHORT.get(option.name, flag), *value]
        return _joined(words)

    def term(self, term: Term) -> str:
        return _TERMS[term]


WORDS = Flags()


def words_of(option: Option) -> list[str]:
    """Return the flag, and its value if it has one."""
    flag = _SHORT[option.name] if option.brief else "--" + option.name.replace("_", "-")
    return [flag] if option.value is None else [flag, option.value]


def spelled(sentence: Sentence) -> str:
    """Return the message with flags and commands."""
    return say(sentence, WORDS)


def _joined(words: list[str]) -> str:
    import shlex  # noqa: PLC0415

    return shlex.join(words)
