# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the outcome of create and update."""

from __future__ import annotations

from ..cluster.observation import Observation
from ..model.observed import ClusterFacts, Observed
from ..model.outcome import Outcome
from ..model.steps.step import Step
from ..wording.text import Sentence
from .run import Run


def outcome_of(
    run: Run,
    seen: Observation,
    cluster: ClusterFacts,
    then: Observed,
    steps: tuple[Step, ...],
    restarts: tuple[str, ...],
    notices: tuple[Sentence, ...],
) -> Outcome:
    """Return the outcome; `cluster` and `then` are the state after the run, planned in a dry run."""
    service_account = then.service_accounts[run.subject]
    if then.role is None or service_account is None:
        raise AssertionError("a run that ended well has a role and its ServiceAccount")
    return Outcome(
        facts=cluster,
        subject=run.subject,
        role=then.role,
        attached=then.attached,
        inline=then.inline,
        knows_inline=then.knows_inline,
        annotations=service_account.annotations,
        steps=steps,
        restarts=restarts,
        notices=notices,
        associations=seen.associations,
        via=run.kind.name,
        audience=run.kind.audience(service_account),
        binding=run.kind.spec(service_account, then.bindings.get(run.subject)),
    )
