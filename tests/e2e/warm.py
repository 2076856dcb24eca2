"""A process that has imported all that iamsa imports, and forks for each command: no start-up to wait for.

What it runs is `kubectl-iamsa`'s own main with its own argv, environment and streams; only kubectl, which
would start it, is left out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Any

import documents

from ansible_collections.iamsa.eks.plugins.module_utils.aws.open_session import open_session
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline

Done = subprocess.CompletedProcess[str]


class Warm:
    """Runs one command at a time."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, argv: Sequence[str], environ: Mapping[str, str]) -> Done:
        """As `kubectl iamsa …` in a subprocess; any exit code is taken, -N for a death by signal N."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(
            json.dumps({"argv": list(argv), "environ": dict(environ), "cwd": os.getcwd()}) + "\n"
        )
        self._process.stdin.flush()
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        documents.check_printed(argv, told["stdout"])
        return subprocess.CompletedProcess(list(argv), told["code"], told["stdout"], told["stderr"])


@contextmanager
def warm(environ: Mapping[str, str]) -> Iterator[Warm]:
    """A process for as long as the block lasts; `environ` is what finds Python's modules."""
    process = subprocess.Popen(
        [sys.executable, __file__],
        env={**environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Warm(process)
    finally:
        process.communicate()


def _serve() -> None:
    for module in (
        *("botocore.session", "botocore.client", "botocore.signers", "kubernetes.client", "urllib3", "yaml"),
        *("kubectl_iamsa.runs.create", "kubectl_iamsa.runs.delete"),
    ):
        __import__(module)
    # Whoever creates clients again has their models by then.
    session = open_session("us-east-1", None, Deadline(60))
    _ = session.iam, session.eks, session.sts
    for line in sys.stdin:
        asked = json.loads(line)
        with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
            child = os.fork()
            if not child:
                os.chdir(asked["cwd"])
                _become(asked["argv"], asked["environ"], stdout, stderr)
            _, status = os.waitpid(child, 0)
            told = {
                "code": os.waitstatus_to_exitcode(status),
                "stdout": _text(stdout),
                "stderr": _text(stderr),
            }
        print(json.dumps(told), flush=True)


def _become(argv: list[str], environ: dict[str, str], stdout: IO[bytes], stderr: IO[bytes]) -> None:
    """Never returns."""
    code = 1
    try:
        for stream, number in ((stdout, 1), (stderr, 2)):
            os.dup2(stream.fileno(), number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.clear()
        os.environ.update(environ)
        sys.argv = ["kubectl-iamsa", *argv]
        from kubectl_iamsa.__main__ import main  # noqa: PLC0415

        code = main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode()


if __name__ == "__main__":
    _serve()
