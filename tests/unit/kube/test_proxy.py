"""Which proxy is taken to the API server: the kubeconfig's, the environment's, or none."""

from __future__ import annotations

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidFile
from ansible_collections.iamsa.eks.plugins.module_utils.kube.http.proxy import choose_proxy, is_excepted

SERVER = "https://abc.gr7.eu-west-1.eks.amazonaws.com"
SECRET = "s3cr3t"


@pytest.mark.parametrize(
    ("server", "configured", "environ", "url"),
    [
        pytest.param(SERVER, "", {}, None, id="none"),
        pytest.param(SERVER, "socks5://p:1", {}, "socks5://p:1", id="kubeconfig"),
        pytest.param(SERVER, "SOCKS5://P", {}, "socks5://p:1080", id="scheme in upper case"),
        pytest.param(SERVER, "socks5h://[::1]:9", {}, "socks5h://[::1]:9", id="IPv6"),
        pytest.param(SERVER, "http://p", {"NO_PROXY": "*"}, "http://p:80", id="kubeconfig over NO_PROXY"),
        pytest.param("https://localhost", "http://p:1", {}, "http://p:1", id="kubeconfig for this machine"),
        pytest.param(SERVER, "", {"HTTPS_PROXY": "socks5://p:1"}, "socks5://p:1", id="environment"),
        pytest.param(SERVER, "", {"https_proxy": "p:3128"}, "http://p:3128", id="without a scheme"),
        pytest.param(
            SERVER, "", {"https_proxy": "http://a", "HTTPS_PROXY": "http://b"}, "http://b:80", id="both"
        ),
        pytest.param(SERVER, "", {"ALL_PROXY": "socks5://p"}, None, id="ALL_PROXY, which kubectl ignores"),
        pytest.param(SERVER, "", {"HTTP_PROXY": "http://p"}, None, id="that of another scheme"),
        pytest.param("http://api", "", {"HTTP_PROXY": "http://p"}, "http://p:80", id="http"),
        pytest.param("https://[::1]:6443", "", {"HTTPS_PROXY": "http://p"}, None, id="this machine"),
        pytest.param(
            SERVER, "", {"HTTPS_PROXY": "http://p", "no_proxy": ".amazonaws.com"}, None, id="excepted"
        ),
    ],
)
def test_the_proxy_is_kubectls(
    server: str, configured: str, environ: dict[str, str], url: str | None
) -> None:
    chosen = choose_proxy(server, configured, environ)
    assert (chosen.url if chosen else None) == url


def test_user_and_password_are_decoded_and_not_shown() -> None:
    proxy = choose_proxy(SERVER, f"socks5://me%40x:{SECRET}%2F@p", {})
    assert proxy
    assert (proxy.username, proxy.password) == ("me@x", f"{SECRET}/")
    assert SECRET not in repr(proxy) + proxy.url


NO_HOSTS = (f"socks5://{SECRET}..b", f"http://{SECRET * 11}")


@pytest.mark.parametrize(
    "url",
    [
        f"gopher://{SECRET}",
        f"socks4://{SECRET}",
        "http://",
        f"http://{SECRET}:99999",
        f"{SECRET}://[",
        *NO_HOSTS,
    ],
)
@pytest.mark.parametrize("place", ["kubeconfig", "HTTPS_PROXY"])
def test_one_that_is_not_supported_is_told_without_showing_it(url: str, place: str) -> None:
    configured, environ = (url, {}) if place == "kubeconfig" else ("", {"HTTPS_PROXY": url})
    with pytest.raises(InvalidFile) as caught:
        choose_proxy(SERVER, configured, environ)
    assert place in caught.value.resource
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "exceptions", "excepted"),
    [
        ("localhost", "", True),
        ("127.1.2.3", "", True),
        ("::1", "", True),
        ("api.example", "", False),
        ("api.example", "*", True),
        ("api.example", " , API.Example ", True),
        ("api.example.", "api.example", True),
        ("api.example", "example", True),
        ("api.example", ".example", True),
        ("api.example", "*.example", True),
        ("example", ".example", False),
        ("example", "example", True),
        ("myexample", "example", False),
        ("api.example", "api.example:443", True),
        ("api.example", "api.example:6443", False),
        ("10.1.2.3", "10.0.0.0/8", True),
        ("11.1.2.3", "10.0.0.0/8", False),
        ("api.example", "10.0.0.0/8", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2.3:443", True),
        ("10.1.2.3", "10.1.2.3:1", False),
        ("fd00::1", "fd00::/8", True),
        ("fd00::1", "[fd00::1]:443", True),
        ("fd00::1", "fd00::1", True),
        ("fd00::1", "fd00::2", False),
        ("api.example", "10.0.0.0/99,:443,[,/", False),
    ],
)
def test_no_proxy_is_read_as_kubectl_reads_it(host: str, exceptions: str, excepted: bool) -> None:
    assert is_excepted(host, 443, exceptions) == excepted
