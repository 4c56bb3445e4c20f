"""A page is loaded with all it needs, by a stand-in for the network."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from tests.doctor.sights import HTML, SITE, answer

from clearway.doctor.live.questions import absent_names, asked_again
from clearway.doctor.live.seen import Seen
from clearway.doctor.live.walk import Bounds, Walk
from clearway.probing.answer import Answer


@dataclass
class Net:
    """Answers by URL, each 404 without; `asked` are the questions."""

    answers: dict[str, Answer | list[Answer]]
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def __call__(self, url: str, fields: Mapping[str, str]) -> Answer:
        self.asked.append((url, fields))
        found = self.answers.get(url, answer(404, b"", "text/plain"))
        if url.startswith("https://nowhere."):
            raise ConnectionRefusedError(111, "Connection refused")
        return (found.pop(0) if len(found) > 1 else found[0]) if isinstance(found, list) else found

    @property
    def urls(self) -> list[str]:
        return [url.removeprefix(SITE) for url, _ in self.asked]

    def fields(self, url: str) -> Mapping[str, str]:
        return next(fields for asked, fields in self.asked if asked == url)


def page(text: str, **fields: str) -> Answer:
    return answer(200, text.encode(), HTML, fields=fields)


def css(text: str) -> Answer:
    return answer(200, text.encode(), "text/css")


def load(net: Net, *urls: str, **more: object) -> tuple[list[Seen], list[Seen], Walk]:
    walk = Walk(net, lambda: 0.0, **more)  # type: ignore[arg-type]
    pages, assets = walk.load(urls or [SITE], {})
    return pages, assets, walk


def test_what_a_page_needs_and_what_that_needs() -> None:
    net = Net(
        {
            SITE: page('<link rel=stylesheet href=/a.css><script type=module src=/a.js></script><img src=/i.png>'),
            f"{SITE}a.css": css('@import "b.css"; b { background: url(i.png) }'),
            f"{SITE}b.css": answer(200, gzip.compress(b"@font-face { src: url(f.woff2) }"), "text/css",
                                   fields={"Content-Encoding": "gzip"}),
            f"{SITE}a.js": answer(200, b'import "./m.js"', "text/javascript"),
            f"{SITE}m.js": answer(200, b'import "./a.js"', "text/javascript"),
        }
    )  # fmt: skip
    _, assets, walk = load(net)
    assert net.urls == ["", "a.css", "a.js", "i.png", "b.css", "m.js", "f.woff2"]
    assert [each.wanted.kind for each in assets] == ["style", "module", "image", "style", "module", "font"]
    assert walk.met == ""


def test_redirects_are_followed_and_recorded() -> None:
    away = answer(301, b"", HTML, fields={"Location": "/shop/"})
    pages, assets, _ = load(Net({SITE: away, f"{SITE}shop/": page("<img src=a.png>")}))
    assert [hop.url for hop in pages[0].hops] == [SITE, f"{SITE}shop/"]
    assert assets[0].wanted.url == f"{SITE}shop/a.png"
    assert assets[0].wanted.page == f"{SITE}shop/"


def test_a_loop_ends() -> None:
    pages, _, _ = load(net := Net({SITE: answer(302, b"", HTML, fields={"Location": SITE})}))
    assert pages[0].loops
    assert len(net.asked) == 1


def test_a_page_that_sets_a_cookie_and_asks_again_is_no_loop() -> None:
    setting = answer(302, b"", HTML, fields={"Location": SITE, "Set-Cookie": "seen=1; Path=/; HttpOnly"})
    pages, _, _ = load(net := Net({SITE: [setting, page("ok")]}))
    assert not pages[0].loops
    assert net.asked[1][1]["Cookie"] == "seen=1"


def test_no_answer_is_kept_as_the_problem() -> None:
    pages, _, _ = load(Net({}), "https://nowhere.example/")
    assert (pages[0].problem, pages[0].answer) == ("Connection refused", None)


def test_a_file_that_is_given_is_an_asset() -> None:
    pages, assets, _ = load(Net({f"{SITE}a.css": css("b { background: url(i.png) }")}), f"{SITE}a.css")
    assert pages == []
    assert [each.wanted.kind for each in assets] == ["style", "image"]


def test_the_fields_of_a_browser() -> None:
    cdn = "https://cdn.example/a.css"
    text = f"<link rel=stylesheet href=/a.css><link rel=stylesheet href={cdn} crossorigin><video src=/v.mp4></video>"
    load(net := Net({SITE: page(text)}))
    assert net.fields(SITE)["Accept"].startswith("text/html,")
    assert "Referer" not in net.fields(SITE)
    own = net.fields(f"{SITE}a.css")
    assert (own["Accept"], own["Accept-Encoding"], own["Referer"]) == (
        "text/css,*/*;q=0.1",
        "gzip, deflate, br, zstd",
        SITE,
    )
    assert "Origin" not in own
    assert (net.fields(cdn)["Origin"], net.fields(cdn)["Referer"]) == ("https://shop.example", SITE)
    assert net.fields(f"{SITE}v.mp4")["Range"] == "bytes=0-65535"


def test_what_is_given_for_the_request_goes_with_it_alone() -> None:
    net = Net({SITE: page("<img src=/a.png>")})
    Walk(net, lambda: 0.0).load([SITE], {"Authorization": "Basic x"})
    assert net.fields(SITE)["Authorization"] == "Basic x"
    assert "Authorization" not in net.fields(f"{SITE}a.png")


@pytest.mark.parametrize(
    ("bounds", "met"),
    [
        (Bounds(requests=3), "only the first 3 requests were made"),
        (Bounds(octets=0), "only the first 0 MB were read"),
        (Bounds(seconds=0), "only what was answered within 0 s was looked at"),
    ],
)
def test_a_bound_that_is_met_is_said(bounds: Bounds, met: str) -> None:
    text = "".join(f"<img src=/{number}.png>" for number in range(9))
    net = Net({SITE: page(text)})
    *_, walk = load(net, bounds=bounds)
    assert walk.met == met
    assert len(net.asked) <= 3


def test_a_page_without_an_end_of_style_sheets_is_bounded() -> None:
    class Endless(Net):
        def __call__(self, url: str, fields: Mapping[str, str]) -> Answer:
            self.asked.append((url, fields))
            return page("<link rel=stylesheet href=/0.css>") if url == SITE else css(f'@import "{len(self.asked)}.css"')

    net = Endless({})
    *_, walk = load(net, bounds=Bounds(requests=20))
    assert len(net.asked) == 20
    assert walk.met


# --- what is asked besides


def again(net: Net) -> list[Seen]:
    _, assets, walk = load(net)
    return asked_again(walk, assets, lambda url: url.startswith(SITE), "0")


def test_a_failure_is_asked_again_and_past_the_caches() -> None:
    net = Net({SITE: page("<img src=/a.png>"), f"{SITE}a.png?clearway-check=0": answer()})
    (seen,) = again(net)
    assert [each.status for each in seen.repeated] == [404, 404]
    assert seen.fresh is not None
    assert seen.fresh.status == 200


def test_an_encoded_answer_is_asked_for_without() -> None:
    packed = answer(200, gzip.compress(b"a{}"), "text/css", fields={"Content-Encoding": "gzip"})
    (seen,) = again(Net({SITE: page("<link rel=stylesheet href=/a.css>"), f"{SITE}a.css": [packed, css("a{}")]}))
    assert seen.identity is not None
    assert seen.identity.body == b"a{}"


def test_nothing_more_is_asked_of_others_and_of_what_is_well() -> None:
    net = Net(
        {SITE: page("<link rel=stylesheet href=/a.css><img src=https://other.example/b.png>"), f"{SITE}a.css": css("")}
    )
    again(net)
    assert len(net.asked) == 3


def test_names_that_are_not_there_are_asked_for_twice() -> None:
    net = Net({SITE: page("<link rel=stylesheet href=/s/a.css><link rel=stylesheet href=/s/b.css><img src=/s/c.png>")})
    _, assets, walk = load(net)
    (found,) = absent_names(walk, assets, lambda url: True, "0")
    assert found.url == f"{SITE}s/clearway-check-0.css"
    assert [each.status for each in found.answers] == [404, 404]
