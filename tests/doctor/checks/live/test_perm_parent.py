"""403 of the server itself."""

from pathlib import Path

from tests.doctor.fake_facts import collected
from tests.doctor.sights import APACHE_403, HTML, NGINX_403, SITE, answer, asset, error, live, seen_by

from clearway.doctor.live.seen import Hop, Seen, Wanted

REFUSED = asset("/static/a.css", error(NGINX_403, status=403))


def test_the_servers_own_page() -> None:
    (found,) = seen_by("live-perm-parent", live(REFUSED))
    assert "(nginx answered)" in found.evidence[0]


def test_apache_names_the_directory_above() -> None:
    page = APACHE_403.replace(b"</p>", b" Server unable to read htaccess file, denying access to be safe</p>")
    (found,) = seen_by("live-perm-parent", live(asset("/static/a.css", error(page, status=403))))
    assert "the page says: Server unable to read htaccess file" in found.evidence


def test_silence_where_the_whole_site_is_refused_and_on_answers_of_others() -> None:
    closed = Seen(Wanted(SITE, "page"), (Hop(SITE, answer(403, b"", HTML)),))
    assert seen_by("live-perm-parent", live(REFUSED, pages=(closed,))) == []
    assert seen_by("live-perm-parent", live(asset("/static/a.css", answer(403, b"no", "text/plain")))) == []


def test_silence_where_everybody_may_read_it() -> None:
    folder = Path("/usr")
    name = next(each.relative_to(folder).as_posix() for each in folder.glob("share/*/*") if each.is_file())
    here = asset(f"/static/{name}", error(NGINX_403, status=403, is_here=True))
    assert seen_by("live-perm-parent", live(here), collected=collected(folder, [name])) == []
