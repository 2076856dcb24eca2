"""Which context, cluster, user and namespace are chosen."""

from __future__ import annotations

from differential.row import Row, context, top

ROWS = (
    top("no current-context", current_context=None),
    top("an empty current-context", current_context=""),
    top("an unknown current-context", current_context="x"),
    top("current-context a number", current_context=1),
    Row("--context", flags="--context $NAME"),
    Row("--context unknown", flags="--context x"),
    Row("--context=", flags="--context=", differs="an unset variable must not choose a context"),
    Row("--cluster", flags="--cluster $NAME"),
    Row("--cluster unknown", flags="--cluster x"),
    Row("--user", flags="--user $NAME"),
    Row("--user unknown", flags="--user x"),
    context("a context without a cluster", cluster=None),
    context("a context without a user", user=None),
    context("a context with an unknown cluster", cluster="x"),
    context("a context with an unknown user", user="x"),
    context("an unknown field of a context", foo=1),
    context("a namespace", namespace="kube-system"),
    context("a namespace that does not exist", namespace="gone"),
    context("an empty namespace", namespace=""),
    context("a namespace a number", namespace=1),
    Row("a namespace null", lambda sample: sample.context.update(namespace=None)),
    Row("a context null", lambda sample: sample.document["contexts"][0].update(context=None)),
    Row("-n", flags="-n kube-system"),
    Row("-n ''", flags="-n ''", differs="an unset variable must not choose a namespace"),
    Row("--namespace=", flags="--namespace=", differs="an unset variable must not choose a namespace"),
)
