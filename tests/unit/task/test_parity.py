"""Both front ends have the same options; what differs is listed here, with the reason."""

from __future__ import annotations

import argparse

import pytest
from kubectl_iamsa.verb_tree import build_parser

from ansible_collections.iamsa.eks.plugins.module_utils.task.arguments import (
    AWS_ARGUMENTS,
    K8S_ARGUMENTS,
    RENAMED,
    account_arguments,
)

# Of the command line alone.
FLAGS = {
    "help": "ansible-doc",
    "dry_run": "check mode",
    "diff": "diff mode",
    "output": "a task returns its result",
    "action": "policies and policies_absent say it without a verb",
    "ignore_not_found": "what is not there is absent already",
    "yes": "a task has nobody to ask",
    "verbose": "ansible-playbook has a -v of its own",
    "cluster": "kubernetes.core has no option for it; a context does it",
    "user": "kubernetes.core has no option for it; a context does it",
}
# Of the module alone.
OPTIONS = {
    "state": "the verbs create and delete",
    "policies_absent": "update -a delete -p",
    "service_accounts": "many in one task; a shell has loops",
    "wait_timeout": "the time in --wait=TIME",
    "access_key": "as amazon.aws; the command line has the environment",
    "secret_key": "as amazon.aws; the command line has the environment",
    "session_token": "as amazon.aws; the command line has the environment",
    "endpoint_url": "as amazon.aws; the command line has AWS_ENDPOINT_URL",
    "aws_ca_bundle": "as amazon.aws; the command line has AWS_CA_BUNDLE",
    "validate_certs": "as amazon.aws",
}


def flags_of(verb: str) -> set[str]:
    parser = build_parser()
    verbs = next(one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    actions = verbs.choices[verb].actions()
    long = (word for action in actions for word in action.option_strings[-1:] or [action.dest])
    return {word.removeprefix("--").replace("-", "_") for word in long}


@pytest.fixture
def options() -> set[str]:
    return {*account_arguments(), *AWS_ARGUMENTS, *K8S_ARGUMENTS}


@pytest.mark.parametrize("verb", ["create", "update", "delete"])
def test_each_flag_is_an_option(options: set[str], verb: str) -> None:
    assert {RENAMED.get(flag, flag) for flag in flags_of(verb) - FLAGS.keys()} - options == set()


def test_each_option_is_a_flag(options: set[str]) -> None:
    flags = {RENAMED.get(flag, flag) for verb in ("create", "update", "delete") for flag in flags_of(verb)}
    assert options - OPTIONS.keys() - flags == set()


def test_no_difference_is_listed_in_vain(options: set[str]) -> None:
    flags = {flag for verb in ("create", "update", "delete") for flag in flags_of(verb)}
    assert FLAGS.keys() - flags == set()
    assert OPTIONS.keys() - options == set()
    assert OPTIONS.keys() & {RENAMED.get(flag, flag) for flag in flags} == set()
