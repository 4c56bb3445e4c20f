"""A service of systemd and its socket, which stays open while the service starts again: no visitor is refused."""

from posixpath import join

from .site import Deployed

_SERVICE = """\
# Copy it to /etc/systemd/system/, with {name}.socket beside it. Then:
#   systemctl daemon-reload && systemctl enable --now {name}.socket
#   clearway release --reload "systemctl reload {name}"        for each deploy, in {folder}:
#   new workers start before the old ones end, and what fails is rolled back
[Unit]
Description={name}
Requires={name}.socket
After=network.target

[Service]
Type=notify
NotifyAccess=main
User={name}
WorkingDirectory={folder}
Environment=DJANGO_SETTINGS_MODULE={settings}
# Secrets, a NAME=value a line, which root alone may read.
EnvironmentFile=-/etc/{name}.env
ExecStart=/srv/{name}/.venv/bin/{server}
ExecReload=/bin/kill -s HUP $MAINPID
KillMode=mixed
TimeoutStopSec=40
Restart=on-failure
NoNewPrivileges=true
PrivateTmp=true
ProtectSystem=full

[Install]
WantedBy=multi-user.target
"""

_SOCKET = """\
# The web server reaches it as unix:/run/{name}.sock:
#   clearway front nginx --upstream unix:/run/{name}.sock
[Unit]
Description=Socket of {name}

[Socket]
ListenStream=/run/{name}.sock
# Who connects: the web server.
SocketUser=www-data
SocketMode=0600

[Install]
WantedBy=sockets.target
"""


def files(site: Deployed) -> dict[str, str]:
    """For a repository in /srv/NAME, with its virtual environment in .venv there."""
    folder = join("/srv", site.name, site.folder).rstrip("/")
    service = _SERVICE.format(name=site.name, folder=folder, settings=site.settings, server=site.server)
    return {
        f"deploy/{site.name}.service": service,
        f"deploy/{site.name}.socket": _SOCKET.format(name=site.name),
    }
