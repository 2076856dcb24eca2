"""Nothing secret in any output, whatever goes wrong, and nothing that steers a terminal."""

from __future__ import annotations

import re
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from e2e.shop import S3, SQS, Json, Shop, trusting_account
from e2e.trials import words
from e2e.warm import Warm
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

Said = Callable[["list[str]", "dict[str, str]"], str]

VERBS = {
    "create": ("-p", S3),
    "update": ("-p", SQS),
    "diff": ("-p", SQS),
    "list": (),
    "describe": (),
    "doctor": (),
    "verify": (),
    "delete": ("--dry-run=server",),
}
FORMS = {
    "create": ((), ("-o", "json"), ("--diff", "--dry-run"), ("-o", "yaml", "--dry-run=server")),
    "update": ((), ("-o", "json"), ("--diff", "--dry-run")),
    "diff": ((),),
    "list": ((), ("-o", "wide"), ("-o", "json")),
    "describe": ((), ("-o", "json")),
    "doctor": ((), ("-v",), ("-o", "json")),
    "verify": ((), ("-o", "json"), ("-o", "wide"), ("--can", "s3:GetObject")),
    "delete": ((), ("-o", "yaml", "--diff")),
}
STEERING = "\x1b[31mred\x1b]0;title\x07\u202e\x9b"


@pytest.fixture
def planted(shop: Shop, tmp_path: Path) -> dict[str, str]:
    """An environment whose every credential holds a word that may appear nowhere."""
    word = f"planted{uuid.uuid4().hex}"
    config: Json = yaml.safe_load(Path(shop.world.environ["KUBECONFIG"]).read_text())
    config["users"].append({"name": "other", "user": {"token": word, "password": word, "username": "x"}})
    for one in config["users"]:
        if "exec" in one["user"]:
            one["user"]["exec"]["env"] = [
                *(one["user"]["exec"].get("env") or []),
                {"name": "PLANTED", "value": word},
            ]
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(yaml.safe_dump(config))
    credentials = tmp_path / "credentials"
    credentials.write_text(
        f"[planted]\naws_access_key_id = AKIA{word[:16].upper()}\naws_secret_access_key = {word}\n"
    )
    return {
        **shop.world.environ,
        "KUBECONFIG": str(kubeconfig),
        "AWS_SHARED_CREDENTIALS_FILE": str(credentials),
        "AWS_SESSION_TOKEN": word,
        "PLANTED_WORD": word,
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": word,
        "HTTP_PROXY_PASSWORD": word,
    }


@pytest.fixture
def said(warm_process: Warm) -> Said:
    """`said(argv, environ)` is all that the command prints, whatever its exit code."""

    def run(argv: list[str], environ: dict[str, str]) -> str:
        done = warm_process.run(argv, environ)
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    return run


def secrets_of(shop: Shop, environ: dict[str, str]) -> list[str]:
    """What may be nowhere: the planted word, the world's own keys, tokens of its kubeconfigs."""
    found = [environ["PLANTED_WORD"], environ["AWS_SECRET_ACCESS_KEY"]]
    for name in ("KUBECONFIG", "WORLD_KUBECONFIG_NARROW"):
        config = yaml.safe_load(Path(shop.world.environ[name]).read_text())
        for one in config["users"]:
            found += [value for key, value in one["user"].items() if key in ("token", "client-key-data")]
    return [secret for secret in found if len(secret) > 3]


@pytest.mark.parametrize("verb", VERBS)
def test_no_output_holds_a_credential(shop: Shop, said: Said, planted: dict[str, str], verb: str) -> None:
    shop.create()
    for form in FORMS[verb]:
        text = said(words(verb, shop, *VERBS[verb], *form), planted)
        assert text
        for secret in secrets_of(shop, planted):
            assert secret not in text, form
        assert "k8s-aws-v1." not in text
        assert "X-Amz-Signature" not in text
        # A JWT's head; an access key of a session; anything as long as a secret key or a signature.
        assert not re.search(r"eyJ|\bASIA[A-Z0-9]{12}|[A-Za-z0-9+]{40}", text), form


@pytest.mark.usefixtures("cluster_admin")
def test_doctor_tells_which_variables_a_pod_sets_and_no_value(made: Shop, said: Said) -> None:
    word = f"planted{uuid.uuid4().hex}"
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "PASSWORD")
    env = [{"name": name, "value": word} for name in names]
    container = {"name": "app", "image": "app", "args": [word], "env": env}
    spec = {"serviceAccountName": "shop", "containers": [container]}
    made.apply({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "app"}, "spec": spec}, "create")
    for form in FORMS["doctor"]:
        text = said(words("doctor", made, *form), made.world.environ)
        assert "AWS_SECRET_ACCESS_KEY" in text
        assert word not in text


@pytest.mark.parametrize(
    ("upstream", "action", "effect"),
    [
        ("aws", "iam:GetRole", {"error": "AccessDenied"}),
        ("aws", "iam:GetRole", {"status": 500}),
        ("aws", "eks:DescribeCluster", {"error": "ExpiredTokenException"}),
        ("aws", "eks:DescribeCluster", {"drop": "before"}),
        ("kube", "kube:get:serviceaccounts", {"error": "Unauthorized"}),
        ("kube", "kube:get:serviceaccounts", {"status": 502}),
        ("kube", "kube:get:serviceaccounts", {"hang": True}),
    ],
)
def test_no_error_holds_a_credential(
    shop: Shop,
    control: Control,
    said: Said,
    planted: dict[str, str],
    upstream: str,
    action: str,
    effect: Json,
) -> None:
    control.fault(upstream, action, effect, times=None)
    text = said(words("create", shop, "-p", S3, "--timeout=4s"), planted)
    assert "error: " in text
    for secret in secrets_of(shop, planted):
        assert secret not in text


@pytest.mark.parametrize(
    "given",
    [
        ("--token", "{word}"),
        ("--token={word}", "--server", "https://127.0.0.1:1"),
        ("--user", "other"),
        ("--server", "https://me:{word}@127.0.0.1:1"),
        ("--profile", "planted"),
    ],
)
def test_what_was_given_as_a_secret_is_not_told_back(
    shop: Shop, said: Said, planted: dict[str, str], given: tuple[str, ...]
) -> None:
    word = planted["PLANTED_WORD"]
    flags = [one.format(word=word) for one in given]
    for verb in ("create", "list", "describe", "delete"):
        more = ["-p", S3] if verb == "create" else []
        assert word not in said(words(verb, shop, *more, *flags, "--timeout=10s"), planted)


@pytest.fixture
def steering(shop: Shop) -> Shop:
    """A role and a ServiceAccount with all that somebody else may have written into them."""
    shop.create("--tag", "team=web")
    shop.set_trust(shop.statement(), {**trusting_account(shop.world.account), "Sid": "x"})
    shop.annotate(f"eks.amazonaws.com/audience={STEERING}")
    return shop


@pytest.mark.parametrize("verb", VERBS)
def test_no_output_steers_the_terminal(steering: Shop, said: Said, verb: str) -> None:
    for form in FORMS[verb]:
        text = said(words(verb, steering, *VERBS[verb], *form), dict(steering.world.environ))
        assert text
        for character in ("\x1b", "\x07", "\u202e", "\x9b"):
            assert character not in text, form


def test_argv_s_own_control_characters_are_escaped(
    iamsa: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = iamsa("create", "\x1b[31m", "-p", S3, code=2)
    assert "\x1b" not in done.stderr
    assert "\\x1b[31m" in done.stderr
