# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An STS that gives sessions for one code, and an EKS without clusters; a profile that wants the code."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

CODE = "314159"
DEVICE = "arn:aws:iam::123456789012:mfa/me"
ROLE = "arn:aws:iam::123456789012:role/admin"
SESSION_KEY = "ASIAEXAMPLE"
CONFIG = f"""\
[profile me]
aws_access_key_id = AKIDEXAMPLE
aws_secret_access_key = secret

[profile admin]
role_arn = {ROLE}
source_profile = me
mfa_serial = {DEVICE}
role_session_name = tester

[profile through-admin]
role_arn = arn:aws:iam::123456789012:role/other
source_profile = admin
"""
SESSION = f"""\
<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:tester</AssumedRoleId><Arn>{ROLE}</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>{SESSION_KEY}</AccessKeyId><SecretAccessKey>hidden</SecretAccessKey>
<SessionToken>hidden</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>
</AssumeRoleResult></AssumeRoleResponse>"""
WRONG = """\
<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
<Code>AccessDenied</Code><Message>MultiFactorAuthentication failed with invalid MFA one time pass code. \
</Message></Error></ErrorResponse>"""
NO_CLUSTER = '{"__type": "ResourceNotFoundException", "message": "No cluster found for name: demo."}'


@dataclass
class MfaAccount:
    """`asked`: what STS was asked for, and `signers`: whose keys EKS was asked with."""

    environ: dict[str, str]
    home: Path
    asked: list[dict[str, str]] = field(default_factory=list)
    signers: list[str] = field(default_factory=list)

    @property
    def cache(self) -> Path:
        return self.home / ".aws/cli/cache"


@contextmanager
def mfa_account(home: Path) -> Iterator[MfaAccount]:
    """The account, and an environment in which `--profile admin` is of it and nothing else is known."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked = {name: values[0] for name, values in form.items()}
            account.asked.append(asked)
            accepted = asked.get("TokenCode", CODE) == CODE
            self._answer(200 if accepted else 403, SESSION if accepted else WRONG)

        def do_GET(self) -> None:
            account.signers.append(
                self.headers["Authorization"].partition("Credential=")[2].partition("/")[0]
            )
            self._answer(404, NO_CLUSTER)

        def _answer(self, status: int, body: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    (home / ".aws").mkdir(parents=True)
    (home / ".aws/config").write_text(CONFIG)
    account = MfaAccount(
        {
            "HOME": str(home),
            "KUBECONFIG": "/dev/null",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        },
        home,
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield account
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
