"""The credentials of a kubeconfig's user, and whom it impersonates."""

from __future__ import annotations

import base64

from differential.row import Row, Sample, user

PEM = base64.b64encode(b"x").decode()


def _token_file(sample: Sample, content: str) -> None:
    path = sample.folder / "token"
    path.write_text(content.replace("$TOKEN", sample.user.pop("token")))
    sample.user["tokenFile"] = str(path)


ROWS = (
    user("no credentials", token=None),
    Row("a user null", lambda s: s.document["users"][0].update(user=None)),
    user("an empty token", token=""),
    user("another token", token="x"),
    user("a token a number", token=1),
    Row(
        "a token with a newline",
        lambda s: s.user.update(token=s.user["token"] + "\n"),
        differs="a token that was pasted with its newline is sent without it",
    ),
    user("a token beside a missing token file", tokenFile="/nowhere"),
    user("a missing token file", token=None, tokenFile="/nowhere"),
    Row("a token file", lambda s: _token_file(s, "$TOKEN")),
    Row("a token file with a newline", lambda s: _token_file(s, "$TOKEN\n")),
    Row("an empty token file", lambda s: _token_file(s, "")),
    Row(
        "an empty token file beside a token",
        lambda s: (s.folder / "t").write_text("") or s.user.update(tokenFile="t"),
    ),
    Row("--token", flags="--token $TOKEN"),
    Row("--token for another", lambda s: s.user.update(token="x"), flags="--token $TOKEN"),
    Row("--token that is wrong", flags="--token x"),
    user("a certificate without a key", client_certificate_data=PEM),
    user("a key without a certificate", client_key_data=PEM),
    user("a key in a missing file without a certificate", client_key="/nowhere"),
    user("a key alone", client_key_data=PEM, token=None),
    user("a certificate that is not PEM", client_certificate_data=PEM, client_key_data=PEM),
    user("a certificate in a missing file", client_certificate="/nowhere", client_key="/nowhere"),
    Row("--client-key alone", flags="--client-key /nowhere"),
    Row("--client-certificate alone", flags="--client-certificate /nowhere"),
    user("a user name and a password", token=None, username="a", password="b"),
    user(
        "a user name beside a token",
        "the token takes precedence over the user name",
        username="a",
        password="b",
    ),
    user("a password alone", token=None, password="b"),
    user("an auth-provider", token=None, auth_provider={"name": "gcp"}),
    user(
        "an auth-provider beside a token",
        "the token takes precedence over the auth-provider",
        auth_provider={"name": "gcp"},
    ),
    user("an unknown field of a user", foo=1),
    user("as nobody", as_="nobody"),
    user("as-groups without as", as_groups=["a"]),
    user("as-uid without as", as_uid="1"),
    user("as-user-extra without as", as_user_extra={"a": ["b"]}),
    user("as an admin", as_="x", as_groups=["system:masters"]),
    user("as an admin with extra", as_="x", as_groups=["system:masters"], as_user_extra={"a": ["b"]}),
    user("as-groups a word", as_="x", as_groups="system:masters"),
    Row("--as", flags="--as nobody"),
    Row("--as an admin", flags="--as x --as-group system:masters"),
    Row("--as-group alone", flags="--as-group system:masters"),
    Row("--as-uid alone", flags="--as-uid 1"),
    Row("--as-uid", flags="--as x --as-group system:masters --as-uid 1"),
    Row("--as-user-extra", flags="--as x --as-group system:masters --as-user-extra a=b --as-user-extra a=c"),
    Row("--as-user-extra alone", flags="--as-user-extra a=b"),
    Row(
        "--as-user-extra without =",
        flags="--as x --as-group system:masters --as-user-extra a",
        differs="kubectl drops a field that has no =",
    ),
    Row("--as-user-extra with an empty value", flags="--as x --as-group system:masters --as-user-extra a="),
    Row(
        "--as-user-extra with an empty key",
        flags="--as x --as-group system:masters --as-user-extra =b",
        differs="an unset variable must not drop a field",
    ),
    Row("--request-timeout 5", flags="--request-timeout 5"),
    Row("--request-timeout 5s", flags="--request-timeout 5s"),
    Row("--request-timeout 0", flags="--request-timeout 0"),
    Row("--request-timeout 1m30s", flags="--request-timeout 1m30s"),
    Row("--request-timeout 5x", flags="--request-timeout 5x"),
    Row("--request-timeout -1", flags="--request-timeout=-1"),
)
