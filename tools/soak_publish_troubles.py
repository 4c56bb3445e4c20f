"""What goes wrong while a release is published: each function is one step of a campaign."""

from pathlib import Path
from signal import SIGCONT, SIGSTOP
from threading import Event
from time import monotonic, sleep

from tools.soak_publish_campaign import DIFFERS, FINE, KILLED, REFUSED, Campaign
from tools.soak_publish_road import LATEST, Happening


def killed(campaign: Campaign, root: Path) -> None:
    """At a request, or at a call that changes the disk."""
    chance = campaign.chance
    moment = chance.randint(1, chance.choice((12, 30, len(campaign.objects(root)) + 25)))
    is_late = chance.random() < 0.25 and campaign.store.is_conditional
    is_spoilt = chance.random() < 0.2
    wanted = campaign.ordinary(
        kill=moment, is_after=chance.random() < 0.5, is_late=is_late, share=0.1 if is_spoilt else 0.0
    )
    started = campaign.start(campaign.words("publish", root), wanted)
    code = campaign.ended(started, KILLED, FINE, REFUSED)
    campaign.settled = monotonic() + LATEST
    campaign.count("publishers killed at a request or call", code == KILLED)
    campaign.count(
        "whose last request arrived after their death", code == KILLED and is_late and started.road is not None
    )


def killed_at_a_moment(campaign: Campaign, root: Path) -> None:
    started = campaign.start(campaign.words("publish", root))
    sleep(campaign.chance.uniform(0.2, 1.5))
    started.run.kill()
    code = campaign.ended(started, KILLED, FINE, REFUSED)
    campaign.count("publishers killed at a moment", code == KILLED)


def spoilt(campaign: Campaign, root: Path) -> None:
    """It ends well, or says that it could not."""
    wanted = campaign.ordinary(share=campaign.chance.choice((0.05, 0.15, 0.3)))
    code = campaign.ended(campaign.start(campaign.words("publish", root), wanted), FINE, REFUSED)
    campaign.count("runs over a spoilt line", 1)
    campaign.count("that gave up", code == REFUSED)


def raced(campaign: Campaign, root: Path) -> None:
    """Several releases at once, one of the runs killed now and then."""
    chance = campaign.chance
    roots = chance.sample(list(campaign.soak.roots), chance.randint(2, 3))
    started = [campaign.start(campaign.words("publish", each)) for each in (*roots[1:], root)]
    is_killed = chance.random() < 0.5
    if is_killed:
        sleep(chance.uniform(0.3, 1.5))
        started[0].run.kill()
    codes = [campaign.ended(each, FINE, REFUSED, KILLED) for each in started]
    campaign.count("races", 1)
    campaign.count("publishers in them", len(codes))
    campaign.count("publishers killed at a moment", KILLED in codes)


def paused(campaign: Campaign, root: Path) -> None:
    """It stands still at a request while another release becomes current, then goes on."""
    chance, reached, resumed = campaign.chance, Event(), Event()

    def wait() -> bool:
        started.run.signal(SIGSTOP)
        reached.set()
        return resumed.wait(120)

    moment = chance.randint(2, chance.choice((12, 30)))
    started = campaign.start(
        campaign.words("publish", root), campaign.ordinary(at=Happening(moment, chance.random() < 0.5, wait))
    )
    while started.run.is_running and not reached.wait(0.05):
        pass
    if reached.is_set():
        campaign.ended(campaign.start(campaign.words("publish", chance.choice(campaign.soak.roots))), FINE, REFUSED)
        started.run.signal(SIGCONT)
        campaign.count("publishers that stood still meanwhile")
    resumed.set()
    campaign.ended(started, FINE, REFUSED)


def rolled_back(campaign: Campaign, root: Path) -> None:
    """And killed at it."""
    if len(campaign.published) < 2:
        return
    chance = campaign.chance
    wanted = campaign.ordinary(kill=chance.randint(1, 20), is_after=chance.random() < 0.5)
    code = campaign.ended(campaign.start(campaign.words("rollback"), wanted), KILLED, FINE, REFUSED, DIFFERS)
    campaign.count("rollbacks killed at a request or call", code == KILLED)
    campaign.count("rollbacks", 1)


def pruned(campaign: Campaign, root: Path) -> None:
    """All but the current release are removed; the run is killed at it, or meets one that publishes."""
    if not campaign.published:
        return
    chance = campaign.chance
    is_late = chance.random() < 0.5 and campaign.store.is_conditional
    kill = chance.choice((0, chance.randint(1, 25)))
    wanted = campaign.ordinary(kill=kill, is_after=chance.random() < 0.5, is_late=is_late)
    prune = campaign.start(campaign.words("prune"), wanted)
    publish = campaign.start(campaign.words("publish", root)) if chance.random() < 0.5 else None
    code = campaign.ended(prune, KILLED, FINE, REFUSED)
    if publish:
        campaign.ended(publish, FINE, REFUSED)
        campaign.count("prunes beside a publisher")
    campaign.count("prunes killed at a request or call", code == KILLED)
    campaign.count("prunes", 1)


def begun(campaign: Campaign, root: Path) -> None:
    """Something else was begun, and what was published last is published again."""
    if campaign.published:
        campaign.chance.choice((killed, killed, rolled_back, pruned))(campaign, root)
        campaign.heal(campaign.published[-1])
        campaign.count("undisturbed runs of what had been published last")


def foreign(campaign: Campaign, root: Path) -> None:
    """An object of somebody else under a name of the release is named, stays, and nothing becomes current."""
    campaign.settle()
    absent = [name for name in campaign.objects(root) if campaign.read(name) is None]
    if not absent:
        return
    name, before = campaign.chance.choice(absent), campaign.read(".clearway/current")
    if not campaign.store.create(campaign.prefix, name, b"theirs"):
        return
    started = campaign.start(campaign.words("publish", root))
    campaign.ended(started, DIFFERS, REFUSED)
    _still_theirs(campaign, name, before, started.run.said)
    campaign.store.delete(campaign.prefix, name)
    campaign.count("foreign objects in the way: named, and they stayed")


def foreign_meanwhile(campaign: Campaign, root: Path) -> None:
    """The same, of an object that comes when the run has looked already."""
    campaign.settle()
    absent = [name for name in campaign.objects(root) if campaign.read(name) is None]
    if len(absent) < 4:
        return
    name, before = campaign.chance.choice(absent), campaign.read(".clearway/current")
    is_put = Event()

    def put() -> bool:
        if campaign.store.create(campaign.prefix, name, b"theirs"):
            is_put.set()
        return True

    at = Happening(campaign.chance.randint(5, 12), is_after=True, do=put)
    started = campaign.start(campaign.words("publish", root), campaign.ordinary(at=at))
    campaign.ended(started, FINE, DIFFERS, REFUSED)
    if is_put.is_set():
        _still_theirs(campaign, name, before, started.run.said)
        campaign.store.delete(campaign.prefix, name)
        campaign.count("foreign objects that came meanwhile: named, and they stayed")


def _still_theirs(campaign: Campaign, name: str, before: bytes | None, said: str) -> None:
    if name not in said:
        campaign.complain(f"{name} was in the way and is not named: {said[-600:]}")
    if campaign.read(name) != b"theirs":
        campaign.complain(f"{name} was of somebody else and was replaced")
    if campaign.read(".clearway/current") != before:
        campaign.complain(f"{name} was in the way, and another release became current")


_KILLS = (*(killed,) * 6, killed_at_a_moment)
OF_A_BUCKET = (*_KILLS, begun, begun, spoilt, raced, raced, paused, rolled_back, pruned, foreign, foreign_meanwhile)
OF_A_LEASE = (*_KILLS, begun, spoilt, rolled_back, pruned, foreign)
OF_A_DIRECTORY = (*_KILLS, begun, begun, raced, rolled_back, pruned, foreign)
