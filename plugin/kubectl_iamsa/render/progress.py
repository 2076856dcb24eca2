"""Prints the progress of a run: the diff, each completed step, and after a failure the remaining steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError, TimedOut

from ..terminal.console import Console
from ..terminal.interrupts import Interrupts

if TYPE_CHECKING:
    from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step

SUFFIX = {"none": "", "client": " (dry run)", "server": " (server dry run)"}


class Progress:
    """Receives the run's progress from the core. If an error ends the run, the remaining steps are printed.

    A signal stops the run between two steps. `ask` asks for confirmation before the first step.
    """

    def __init__(
        self,
        console: Console,
        *,
        output: str,
        dry_run: str,
        diff: bool,
        ask: Callable[[list[str]], None] | None = None,
    ) -> None:
        self._console = console
        self._prints_steps = output == "text"
        self._dry_run = dry_run
        self._diff = diff
        self._ask = ask
        self._left: list[Step] = []
        self._done: list[Step] = []
        self._interrupts = Interrupts(self._stopping)

    def planned(self, steps: tuple[Step, ...], before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        say = self._console.result if self._prints_steps else self._console.notice
        if self._diff:
            from .difference import color_of, unified  # noqa: PLC0415

            for line in unified(before, after):
                if self._prints_steps:
                    self._console.painted((line, color_of(line)), keep="\t")
                else:
                    self._console.notice(line)
        if self._dry_run == "none":
            if self._ask and steps:
                from .to_delete import to_delete  # noqa: PLC0415

                self._ask(to_delete(steps, before))
            self._left = list(steps)
            self._interrupts.arm()
        elif self._prints_steps:
            for step in steps:
                say(step.sentence + SUFFIX[self._dry_run])

    def done(self, step: Step) -> None:
        self._done.append(step)
        if self._prints_steps:
            self._console.result(step.sentence)
        self._go_on()

    def left(self, step: Step, why: str) -> None:
        say = self._console.result if self._prints_steps else self._console.notice
        say(f"{step.target} left unchanged: {why}")
        self._go_on()

    def _go_on(self) -> None:
        # A step can turn out to be another one than the planned.
        self._left.pop(0)
        if not self._left:
            # The rest of the run only reads, and can be stopped at any time.
            self._interrupts.disarm()
        elif self._interrupts.asked:
            raise self._interrupts.asked

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._interrupts.disarm()
        unknown = self._left[:1] if self._leaves_unknown(error) else []
        if not kind or not (self._done or unknown):
            return
        if not self._prints_steps:
            for step in self._done:
                self._console.notice(f"done: {step.sentence}")
        for step in unknown:
            self._console.notice(f"possibly done: {step.sentence}")
        for step in self._left[len(unknown) :]:
            self._console.notice(f"not done: {step.sentence}")
        self._console.notice("run the same command again to continue")

    def _leaves_unknown(self, error: BaseException | None) -> bool:
        """Return whether the current write may have been done, because no answer was received."""
        if isinstance(error, IamsaError) and error.uncertain:
            return True
        stopped_between = error is not None and error is self._interrupts.asked
        is_bug = isinstance(error, Exception) and not isinstance(error, IamsaError)
        return (is_bug or isinstance(error, (KeyboardInterrupt, TimedOut))) and not stopped_between

    def _stopping(self) -> None:
        self._console.notice("Stopping after the current step. Press Ctrl-C again to stop now.")
