"""nginx's secure_link takes the tokens that Clearway makes, and no others."""

import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from tests.system.fronts import opened
from tests.system.raw import Connection
from tests.system.real_nginx import complaints, nginx, written
from tests.system.servers import free_port

from clearway.stores.signing.tokens import secure_link

pytestmark = pytest.mark.system

SECRET = "a secret of many words"
SITE = """
server {
    listen 127.0.0.1:%d;
    location / {
        secure_link $arg_md5,$arg_expires;
        secure_link_md5 "$secure_link_expires$uri %s";
        if ($secure_link = "") { return 403; }
        if ($secure_link = "0") { return 410; }
        alias %s/;
    }
}
"""
NAMES = (
    "a.txt",
    "deep/er/b c.txt",
    "café 100%; a&b+c=d#e?.txt",
    "日本.png",
    "per%20cent%2fs.txt",
    "'quote\"(s)*~!.txt",
)


@pytest.fixture(scope="module")
def front() -> Iterator[int]:
    with opened() as home:
        for name in NAMES:
            (home / "files" / name).parent.mkdir(parents=True, exist_ok=True, mode=0o755)
            (home / "files" / name).write_text(name, encoding="utf-8")
        port = free_port()
        main = written(home, SITE % (port, SECRET, home / "files"))
        assert complaints(main) == ""
        with nginx(main, port):
            yield port


def asked(port: int, url: str) -> tuple[int, bytes]:
    with Connection(port) as line:
        answer = line.ask(url.removeprefix("https://files.example"))
    return answer.status, answer.body


@pytest.mark.parametrize("name", NAMES)
def test_nginx_opens_what_was_signed(front: int, name: str) -> None:
    url = f"https://files.example/{quote(name)}"
    signed = secure_link(url, SECRET, int(time.time()) + 60)
    assert asked(front, signed) == (200, name.encode())
    assert asked(front, secure_link(url, SECRET, int(time.time()) - 1))[0] == 410
    assert asked(front, secure_link(url, "another", int(time.time()) + 60))[0] == 403
    assert asked(front, url)[0] == 403
    assert asked(front, signed.replace("expires=", "expires=1"))[0] == 403


def test_a_token_opens_no_other_file(front: int) -> None:
    signed = secure_link("https://files.example/a.txt", SECRET, int(time.time()) + 60)
    assert asked(front, signed.replace("/a.txt", "/deep/er/b%20c.txt"))[0] == 403
