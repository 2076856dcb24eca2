"""The cluster of a kubeconfig: its address, its certificate authority and its proxy."""

from __future__ import annotations

import base64

from differential.row import Row, Sample, cluster


def _own_ca(sample: Sample, name: str) -> None:
    (sample.folder / "ca.pem").write_bytes(base64.b64decode(sample.cluster.pop("certificate-authority-data")))
    sample.cluster["certificate-authority"] = name.replace("$FOLDER", str(sample.folder))


def _ca_with(sample: Sample, more: bytes) -> None:
    own = base64.b64decode(sample.cluster["certificate-authority-data"])
    sample.cluster["certificate-authority-data"] = base64.b64encode(own + more).decode()


ROWS = (
    Row(
        "a server without a scheme",
        lambda s: s.cluster.update(server=s.cluster["server"].split("//")[1]),
        differs="kubectl chooses http before it reads the CA; iamsa chooses https if there is a CA",
    ),
    Row("a server with a slash", lambda s: s.cluster.update(server=s.cluster["server"] + "/")),
    Row("a server with a path", lambda s: s.cluster.update(server=s.cluster["server"] + "/no/path")),
    Row(
        "a server with a query",
        lambda s: s.cluster.update(server=s.cluster["server"] + "?a=b"),
        differs="the address of an API server has no query: it was copied from elsewhere",
    ),
    Row("a server with spaces", lambda s: s.cluster.update(server=" " + s.cluster["server"])),
    Row(
        "a server in capitals",
        lambda s: s.cluster.update(server=s.cluster["server"].replace("https", "HTTPS")),
    ),
    cluster("an empty server", server=""),
    cluster("no server", server=None),
    cluster("a server a number", server=1),
    cluster("a server that is dead", server="https://127.0.0.1:1"),
    cluster("a server of another scheme", server="ftp://127.0.0.1:1"),
    cluster("a server without a host", server="https://"),
    Row("--server", lambda s: s.cluster.update(server="https://127.0.0.1:1"), flags="--server $SERVER"),
    Row("-s", flags="-s $SERVER"),
    Row("--server dead", flags="--server https://127.0.0.1:1"),
    cluster("a CA that is not base64", certificate_authority_data="!!"),
    cluster("a CA that is not PEM", certificate_authority_data="eHh4"),
    cluster("an empty CA", certificate_authority_data=""),
    cluster("no CA", certificate_authority_data=None),
    cluster("a CA a number", certificate_authority_data=1),
    cluster("a CA in a missing file", certificate_authority="/nowhere", certificate_authority_data=None),
    cluster(
        "a CA in a missing file beside data",
        "the data takes precedence, so iamsa does not read the file",
        certificate_authority="/nowhere",
    ),
    Row("a CA in a file", lambda s: _own_ca(s, "$FOLDER/ca.pem")),
    Row("a CA in a file beside the kubeconfig", lambda s: _own_ca(s, "ca.pem")),
    Row("a CA with text after it", lambda s: _ca_with(s, b"\nnotes\n")),
    Row("a CA with a broken one after it", lambda s: _ca_with(s, b"\n-----BEGIN CERTIFICATE-----\nAAAA\n")),
    Row(
        "--certificate-authority",
        lambda s: _own_ca(s, "/nowhere"),
        flags="--certificate-authority $FOLDER/ca.pem",
    ),
    Row("--certificate-authority missing", flags="--certificate-authority /nowhere"),
    cluster("insecure with a CA", insecure_skip_tls_verify=True),
    cluster("insecure", insecure_skip_tls_verify=True, certificate_authority_data=None),
    cluster("insecure a word", insecure_skip_tls_verify="yes"),
    Row("--insecure-skip-tls-verify", flags="--insecure-skip-tls-verify"),
    cluster("another tls-server-name", tls_server_name="x.example"),
    cluster("a valid tls-server-name", tls_server_name="localhost"),
    Row("--tls-server-name", flags="--tls-server-name localhost"),
    Row("--tls-server-name of another", flags="--tls-server-name x.example"),
    cluster("disable-compression", disable_compression=True),
    Row("--disable-compression", flags="--disable-compression"),
    Row("--disable-compression=false", flags="--disable-compression=false"),
    cluster("a proxy that is dead", proxy_url="http://127.0.0.1:1"),
    cluster("a proxy without a scheme", proxy_url="127.0.0.1:1"),
    cluster("a proxy of another scheme", proxy_url="ftp://127.0.0.1:1"),
    cluster("an empty proxy", proxy_url=""),
    cluster("an unknown field of a cluster", foo=1),
    cluster("extensions", extensions=[{"name": "x", "extension": {"a": 1}}]),
)
