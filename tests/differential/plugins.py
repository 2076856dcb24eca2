"""The exec section of a kubeconfig's user, and what its program prints."""

from __future__ import annotations

from typing import Any

from differential.row import V1, V1BETA1, Row, Sample, put

NO_TERMINAL = "iamsa never gives a plugin a terminal, so only the mode Always matters"
ALPHA = "client.authentication.k8s.io/v1alpha1"


def plugin(
    name: str, differs: str = "", *, prints: str = '"token": "$TOKEN"', before: str = "", **fields: Any
) -> Row:
    """Return a row whose user has an exec section with these fields; None deletes one."""

    def change(sample: Sample) -> None:
        version = fields.get("apiVersion") or V1BETA1
        section = sample.plugin(prints, before, version)
        put(section, fields)
        sample.user.clear()
        sample.user["exec"] = section

    return Row(name, change, differs=differs)


def _relative(sample: Sample) -> None:
    section = sample.plugin()
    sample.user.clear()
    sample.user["exec"] = {**section, "command": "./plugin"}


def _beside_a_token(sample: Sample, token: str) -> None:
    section = sample.plugin()
    sample.user.update({"exec": section, "token": token or sample.user["token"]})


ROWS = (
    plugin("a plugin"),
    plugin("a plugin of v1", apiVersion=V1),
    plugin("a plugin of v1alpha1", apiVersion=ALPHA),
    plugin("a plugin without apiVersion", apiVersion=None),
    plugin("a plugin of v1 without interactiveMode", NO_TERMINAL, apiVersion=V1, interactiveMode=None),
    plugin("a plugin of v1beta1 without interactiveMode", interactiveMode=None),
    plugin("interactiveMode IfAvailable", interactiveMode="IfAvailable"),
    plugin("interactiveMode Always", interactiveMode="Always"),
    plugin("an unknown interactiveMode", NO_TERMINAL, interactiveMode="Sometimes"),
    plugin("no command", command=None),
    plugin("a command that is missing", command="/nowhere/x"),
    plugin("a command with spaces", command="aws eks get-token"),
    Row("a command beside the kubeconfig", _relative),
    plugin("args", args=["a", "b"]),
    plugin("args null", args=[]),
    plugin("args with a number", args=[1]),
    plugin("args a word", args="a"),
    plugin("env", env=[{"name": "A", "value": "b"}]),
    plugin("env with a value null", env=[{"name": "A", "value": None}]),
    plugin("env without a value", env=[{"name": "A"}]),
    plugin("env without a name", env=[{"value": "b"}]),
    plugin("env with a value a number", env=[{"name": "A", "value": 1}]),
    plugin("env a mapping", env={"A": "b"}),
    plugin("env with an unknown field", env=[{"name": "A", "value": "b", "x": 1}]),
    plugin("provideClusterInfo", provideClusterInfo=True),
    plugin("provideClusterInfo a word", provideClusterInfo="yes"),
    plugin("an unknown field of exec", foo=1),
    plugin(
        "a credential that has expired",
        prints='"token": "$TOKEN", "expirationTimestamp": "2020-01-01T00:00:00Z"',
    ),
    plugin(
        "a credential that expires later",
        prints='"token": "$TOKEN", "expirationTimestamp": "2120-01-01T00:00:00Z"',
    ),
    plugin("an expirationTimestamp null", prints='"token": "$TOKEN", "expirationTimestamp": null'),
    plugin("an expirationTimestamp a word", prints='"token": "$TOKEN", "expirationTimestamp": "soon"'),
    plugin("a credential without a token", prints=""),
    plugin("an empty token of a plugin", prints='"token": ""'),
    plugin("another token of a plugin", prints='"token": "x"'),
    plugin("an unknown field of a credential", prints='"token": "$TOKEN", "foo": 1'),
    plugin("a key of a plugin without a certificate", prints='"token": "$TOKEN", "clientKeyData": "x"'),
    plugin(
        "a certificate of a plugin without a key", prints='"token": "$TOKEN", "clientCertificateData": "x"'
    ),
    plugin(
        "a certificate of a plugin that is not PEM",
        prints='"token": "$TOKEN", "clientCertificateData": "x", "clientKeyData": "x"',
    ),
    plugin("a plugin that fails", before="exit 3"),
    plugin("a plugin that prints before its credential", before="echo hello"),
    plugin("a plugin that prints nothing", before="exit 0"),
    plugin("a plugin that writes to stderr", before="echo hello >&2"),
    Row("a plugin beside a token", lambda s: _beside_a_token(s, "")),
    Row("a plugin beside another token", lambda s: _beside_a_token(s, "x")),
)
