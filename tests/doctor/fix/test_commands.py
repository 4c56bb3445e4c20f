"""Commands of fixes that are done here, and all the others, which are not."""

from pathlib import Path

import pytest

from clearway.doctor.fix.collecting import Collecting
from clearway.doctor.fix.commands import actions, collecting, granting, opening
from clearway.doctor.fix.removal import Removal
from clearway.doctor.fix.rights import Granting, Opening

KNOWN = {
    collecting(): [Collecting(())],
    collecting("--clear"): [Collecting(("--clear",))],
    "rm /srv/a '/srv/b c'": [Removal(Path("/srv/a")), Removal(Path("/srv/b c"))],
    opening("/srv/it's here"): [Opening(Path("/srv/it's here"))],
    granting("/srv/a b", "65533", "rx"): [Granting(Path("/srv/a b"), 65533, 5)],
    granting("/srv", "root", "x"): [Granting(Path("/srv"), 0, 1)],
}


@pytest.mark.parametrize(("command", "wanted"), KNOWN.items())
def test_what_is_known_is_done_without_a_shell(command: str, wanted: list[object]) -> None:
    assert actions(command) == wanted


@pytest.mark.parametrize(
    "command",
    [
        "",
        "'",
        "systemctl reload nginx",
        "nginx -t",
        "sudo python manage.py collectstatic --noinput",
        "python manage.py collectstatic --noinput; rm -rf /",
        "python manage.py collectstatic --noinput --ignore x",
        "python manage.py flush --noinput",
        "rm",
        "rm relative",
        "rm -rf /srv",
        "find . -name '.*' -prune -o ! -type l -exec chmod a+rX {} +",
        "find /srv -name '.*' -prune -o ! -type l -exec chmod a+rwX {} +",
        "chmod -R 777 /srv",
        "chown -R www-data /srv",
        "setfacl -m g:root:x /srv",
        "setfacl -m u::x /srv",
        "setfacl -m u:nobody-has-this-name:x /srv",
        "setfacl -m u:root:q /srv",
        "setfacl -R -m u:root:x /srv",
        "mkdir -p /srv",
    ],
)
def test_everything_else_is_left_to_people(command: str) -> None:
    assert actions(command) is None
