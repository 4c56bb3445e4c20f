"""Publishers, rollbacks and prunes of one store, in every order of their requests: nothing that is listed is lost."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from itertools import product
from threading import Semaphore

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.releases.stepping import Memory, Run, step_all

from clearway.catalog import layout
from clearway.catalog.asset import Asset
from clearway.catalog.errors import UnknownReleaseError
from clearway.catalog.history import History
from clearway.catalog.release import Release
from clearway.releases import budget, publish, rollback, sweep, uploading
from clearway.releases.errors import ReleaseError
from clearway.releases.files import files_of
from clearway.releases.garbage import Terms
from clearway.releases.publish import Publisher
from clearway.releases.verify import verify
from clearway.stores import claims, signs
from clearway.stores.capabilities import Capabilities
from clearway.stores.claims import unclaimed_places
from clearway.stores.errors import LockedError, StoreError
from clearway.stores.foreign import content
from clearway.stores.targets import snapshot_places
from clearway.stores.transport import Fields, Transport

DAY = 86_400
NOW = 1_800_000_000
SPINS = 40  # requests after which a run that waits for another one lets it go on
REFUSALS = (type(None), StoreError, LockedError, ReleaseError, UnknownReleaseError)
Work = Callable[[Transport], object]


class Clock:
    """Stands still, so that waiting has no end, until a run was killed: then everybody has waited long enough."""

    def __init__(self) -> None:
        self.now, self.pace = 0.0, 0.0

    def __call__(self) -> float:
        self.now += self.pace
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(signs, "monotonic", clock)
    monkeypatch.setattr(signs, "sleep", lambda seconds: None)
    monkeypatch.setattr(uploading, "AT_ONCE", 1)
    monkeypatch.setattr(budget, "ThreadPoolExecutor", partial(ThreadPoolExecutor, 1))
    return clock


def silent(text: str, done: int, of: int) -> None:
    pass


def release(*letters: str) -> Release:
    """A release of files whose contents are their names."""
    assets = {}
    for letter in letters:
        own = content(letter.encode())
        name = f"{letter}.{sha256(letter.encode()).hexdigest()[:12]}.txt"
        assets[f"{letter}.txt"] = Asset(name, own.size, own.sha256, "", "text/plain")
    return Release("/static/", "", assets)


OLD, CURRENT = release("a", "b"), release("b", "c")


def built(made: Release) -> Publisher:
    """A release on a disk, which waits for a target."""
    disk = Memory()
    for asset in made.assets.values():
        disk.put(asset.name, asset.name[0].encode(), Fields("", ""))
    places = snapshot_places(disk)
    places.records.put_release(made, made.to_bytes())
    places.records.put(layout.CURRENT, f"{made.id}\n".encode())
    return places  # type: ignore[return-value]


def publishing(made: Release) -> Work:
    own = built(made)

    def work(target: Transport) -> str:
        publisher = Publisher(own, target)  # type: ignore[arg-type]
        if not publisher.unchanged(snapshot_places(target)):
            publisher.carry_out(publisher.plan(silent, Capabilities()), silent, NOW)
        return made.id

    return work


def pruning(target: Transport) -> object:
    return sweep.prune(target, Terms(1, 0, NOW + DAY, grace=0), silent)


def rolling_back(made: Release) -> Work:
    def work(target: Transport) -> None:
        places = unclaimed_places(target, 600)
        planned = rollback.plan(places, made.id)
        if planned.differences:
            raise ReleaseError("not whole")
        rollback.carry_out(planned, places, NOW)

    return work


@pytest.fixture
def make() -> Callable[[], Memory]:
    """Stores with an old release and a current one, and an object that nobody knows."""
    store = Memory()
    for made in (OLD, CURRENT):
        publishing(made)(store)
    store.put("unknown.txt", b"?", Fields("", ""))
    kept = dict(store.objects)

    def made_again() -> Memory:
        again = Memory()
        for name, data in kept.items():
            again.put(name, data, Fields("", ""))
        return again

    return made_again


def lost(store: Memory) -> list[str]:
    """What the current release or a retained one lists, and is not there."""
    objects = store.objects
    if ".clearway/current" not in objects:
        return []
    history = History.from_bytes(objects[".clearway/history.json"])
    ids = {*history.entries, objects[".clearway/current"].decode().strip()}
    return sorted(
        f"{name} of {id_}"
        for id_ in ids
        for name, wanted in files_of(Release.from_bytes(objects[f".clearway/{layout.record(id_)}"])).items()
        if name not in objects or content(objects[name]) != wanted
    )


def stepped(store: Memory, works: Sequence[Work], choose: Callable[[Sequence[Run]], Run]) -> list[Run]:
    found: list[str] = []
    runs = step_all(store, works, choose, lambda: found.extend(lost(store)))
    assert found == []
    for run in runs:
        assert isinstance(run.error, REFUSALS), run.error
    assert store.objects["unknown.txt"] == b"?"
    return runs


def in_turns(*turns: int, first: int) -> Callable[[Sequence[Run]], Run]:
    """Each run has so many requests, then the other one; after the last turn, each until it is over or waits."""
    left = [*turns]
    state = {"at": first, "asked": 0}

    def choose(waiting: Sequence[Run]) -> Run:
        limit = left[0] if left else SPINS
        if state["asked"] >= limit:
            state["at"], state["asked"] = state["at"] + 1, 0
            del left[:1]
        state["asked"] += 1
        return waiting[state["at"] % len(waiting)]

    return choose


def requests_of(store: Memory, work: Work) -> int:
    (run,) = step_all(store, [work], lambda waiting: waiting[0], lambda: None)
    assert run.error is None
    return run.asked


@pytest.mark.parametrize("work", [publishing(release("a", "d")), publishing(OLD), rolling_back(OLD)])
def test_whoever_needs_what_a_prune_removes_has_it(work: Work, make: Callable[[], Memory]) -> None:
    """With two changes from one to the other, at each pair of requests."""
    counts = requests_of(make(), work), requests_of(make(), pruning)
    ends = set()
    for first in (0, 1):
        for turns in product(range(1, counts[first] + 1), range(1, counts[1 - first] + 1)):
            store = make()
            runs = stepped(store, [work, pruning], in_turns(*turns, first=first))
            ends.add(tuple(type(run.error).__name__ for run in runs))
            assert ".clearway/history.json" in store.objects
            assert b"sweeper" not in store.objects[".clearway/history.json"]
    assert ("NoneType", "NoneType") in ends


def test_a_publisher_that_did_not_look_again_would_lose_something(
    make: Callable[[], Memory], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests above would see it."""
    monkeypatch.setattr(publish, "_swept", lambda places: 0)
    monkeypatch.setattr(publish, "_is_claimed", lambda places: False)
    work, found = publishing(release("a", "d")), []
    for turns in range(1, requests_of(make(), work)):
        store = make()
        step_all(store, [work, pruning], in_turns(turns, 200, first=0), lambda store=store: found.extend(lost(store)))  # type: ignore[misc]
    assert found


def for_the_first_time(made: Release) -> Work:
    """A run that nobody had published before: it lists what is there before it knows what the store can do."""
    own = built(made)

    def work(target: Transport) -> None:
        publisher = Publisher(own, target)  # type: ignore[arg-type]
        listed = publisher.listed(silent)
        publisher.carry_out(publisher.plan(silent, Capabilities(), listed=listed), silent, NOW)

    return work


def nobodys() -> Memory:
    """A store that nothing was published to."""
    store = Memory()
    store.put("unknown.txt", b"?", Fields("", ""))
    return store


def others(target: Transport) -> None:
    """Two releases, and a prune that removes what only the first one has."""
    for made in (OLD, CURRENT):
        publishing(made)(target)
    pruning(target)


def test_what_others_did_after_the_listing_of_a_first_run_is_noticed() -> None:
    """With two changes from one to the other, at each pair of requests."""
    mine = for_the_first_time(release("a", "d"))
    counts, ends = [requests_of(nobodys(), work) for work in (mine, others)], set()
    for turns in product(*(range(1, count + 1) for count in counts)):
        runs = stepped(nobodys(), [mine, others], in_turns(*turns, first=0))
        ends.add(tuple(type(run.error).__name__ for run in runs))
    assert {("NoneType", "NoneType"), ("LockedError", "NoneType"), ("NoneType", "LockedError")} <= ends


WORKS = (publishing(release("a", "d")), publishing(release("a", "e")), publishing(OLD), pruning, rolling_back(OLD))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(range(len(WORKS))), min_size=2, max_size=4),
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 30)), max_size=12),
)
def test_any_number_of_runs_in_any_order(
    make: Callable[[], Memory], kinds: list[int], turns: list[tuple[int, int]]
) -> None:
    plan = [number for number, length in turns for _ in range(length)]
    after = in_turns(first=0)

    def choose(waiting: Sequence[Run]) -> Run:
        return waiting[plan.pop(0) % len(waiting)] if plan else after(waiting)

    stepped(make(), [WORKS[kind] for kind in kinds], choose)


def test_a_publisher_that_slept_does_not_make_current_what_was_pruned(make: Callable[[], Memory]) -> None:
    """It had to write the pointer only; another one retired it in the history and was killed; a prune removed it."""
    store, mine, theirs = make(), release("a", "d"), release("b", "e")
    slow, killed = (Run(store, publishing(made), Semaphore(0)) for made in (mine, theirs))
    slow.start()
    while b"d.txt" not in store.objects[layout.MANIFEST]:
        slow.step()
    killed.start()
    while theirs.id not in History.from_bytes(store.objects[".clearway/history.json"]).entries:
        killed.step()
    killed.kill(is_done=False)
    pruning(store)
    assert content(b"d").sha256[:12] not in "".join(store.objects)
    while not slow.is_over:
        slow.step()
        assert lost(store) == []
    assert slow.error is None
    assert store.objects[".clearway/current"].decode().strip() == mine.id


# --- kills


def killed_at(step: int, store: Memory, work: Work, *, is_done: bool) -> None:
    """A run that is killed at its request number `step`, where it makes so many."""
    run = Run(store, work, Semaphore(0))
    run.start()
    while not run.is_over and run.asked < step:
        run.step()
    if not run.is_over:
        run.kill(is_done=is_done)
    run.join()


@pytest.mark.parametrize("is_done", [False, True])
def test_a_killed_prune_is_gone_on_with(make: Callable[[], Memory], clock: Clock, is_done: bool) -> None:
    whole = make()
    pruning(whole)
    clock.pace = claims.SILENCE
    for step in range(requests_of(make(), pruning)):
        store = make()
        killed_at(step, store, pruning, is_done=is_done)
        assert lost(store) == []
        publishing(CURRENT)(store)
        assert lost(store) == []
        pruning(store)
        assert lost(store) == []
        pruning(store)
        names = {name for name in store.objects if not name.startswith(".clearway/")}
        assert names == {name for name in whole.objects if not name.startswith(".clearway/")}


@pytest.mark.parametrize("is_done", [False, True])
def test_after_a_killed_prune_everything_is_published(make: Callable[[], Memory], clock: Clock, is_done: bool) -> None:
    clock.pace = claims.SILENCE
    for step in range(requests_of(make(), pruning)):
        store, made = make(), release("a", "d")
        killed_at(step, store, pruning, is_done=is_done)
        publishing(made)(store)
        assert lost(store) == []
        assert store.objects[".clearway/current"].decode().strip() == made.id


@pytest.mark.parametrize("is_done", [False, True])
def test_a_killed_publisher_holds_nothing(make: Callable[[], Memory], clock: Clock, is_done: bool) -> None:
    """What it uploaded is unknown until its record is there, and then goes with the next prunes."""
    clock.pace, work = claims.SILENCE, publishing(release("a", "d"))
    for step in range(requests_of(make(), work)):
        store = make()
        killed_at(step, store, work, is_done=is_done)
        for again in (pruning, pruning, pruning, publishing(CURRENT), work):
            again(store)
            assert lost(store) == []


# --- the next run finishes the job

X = release("a", "d")
KILLED = {
    "publish": publishing(X),
    "publish again": publishing(CURRENT),
    "roll back": rolling_back(OLD),
    "forget": lambda target: sweep.prune(target, Terms(1, 0, NOW + DAY, grace=DAY), silent),
    "prune": pruning,
}


def differing(store: Memory) -> list[str]:
    return [f"{each.file} {each.problem}" for each in verify(snapshot_places(store)).differences]


def copied(store: Memory) -> Memory:
    again = Memory()
    for name, data in store.objects.items():
        again.put(name, data, Fields("", ""))
    return again


def published_next(store: Memory) -> None:
    """Whatever is published next is whole, also when it is what is current."""
    for made in (CURRENT, X):
        after = copied(store)
        publishing(made)(after)
        assert differing(after) == []
        assert requests_of(after, publishing(made)) == 3


@pytest.mark.parametrize("kind", KILLED)
def test_whatever_is_published_after_a_kill_all_is_as_recorded(
    kind: str, make: Callable[[], Memory], clock: Clock
) -> None:
    clock.pace = claims.SILENCE
    for step in range(requests_of(make(), KILLED[kind])):
        for is_done in (False, True):
            store = make()
            killed_at(step, store, KILLED[kind], is_done=is_done)
            published_next(store)


@pytest.mark.parametrize("kind", KILLED)
def test_whatever_is_published_after_an_error_all_is_as_recorded(
    kind: str, make: Callable[[], Memory], clock: Clock
) -> None:
    """A run that was not killed takes back what it can."""
    clock.pace = claims.SILENCE
    for step in range(requests_of(make(), KILLED[kind])):
        store = make()
        run = Run(store, KILLED[kind], Semaphore(0))
        run.start()
        for _ in range(step):
            run.step()
        run.fail()
        while not run.is_over:
            run.step()
        run.join()
        assert isinstance(run.error, REFUSALS), run.error
        published_next(store)


@pytest.mark.parametrize("kind", ["forget", "prune"])
def test_a_killed_prune_leaves_nothing_that_the_next_one_does_not_mend(
    kind: str, make: Callable[[], Memory], clock: Clock
) -> None:
    clock.pace, forget = claims.SILENCE, KILLED["forget"]
    for step in range(requests_of(make(), KILLED[kind])):
        store = make()
        killed_at(step, store, KILLED[kind], is_done=False)
        forget(store)
        assert differing(store) == []


def test_two_that_publish_at_once_leave_all_as_recorded(make: Callable[[], Memory]) -> None:
    """One of them what is current: with two changes from one to the other, at each pair of requests."""
    works = [publishing(X), publishing(CURRENT)]
    counts = [requests_of(make(), works[0]) + 8, 30]
    for turns in product(*(range(1, count + 1) for count in counts)):
        store = make()
        stepped(store, works, in_turns(*turns, first=0))
        assert (turns, differing(store)) == (turns, [])


KILLS = st.tuples(st.sampled_from(sorted(KILLED)), st.integers(0, 25), st.booleans())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(KILLS, min_size=2, max_size=4))
def test_however_often_runs_are_killed_the_next_one_finishes_the_job(
    make: Callable[[], Memory], clock: Clock, kills: list[tuple[str, int, bool]]
) -> None:
    clock.pace, store = claims.SILENCE, make()
    for kind, step, is_done in kills:
        killed_at(step, store, KILLED[kind], is_done=is_done)
        assert lost(store) == []
    published_next(store)


@pytest.mark.parametrize("theirs", [X, CURRENT])
def test_who_was_overtaken_and_is_killed_leaves_nothing_that_the_next_one_does_not_mend(
    theirs: Release, make: Callable[[], Memory], clock: Clock
) -> None:
    """At each request of a run another one publishes, and at each later one it is killed."""
    clock.pace, mine = claims.SILENCE, publishing(release("a", "e"))
    count = requests_of(make(), mine)
    for before in range(count):
        for after in range(count):
            store = make()
            run = Run(store, mine, Semaphore(0))
            run.start()
            for _ in range(before):
                run.step()
            publishing(theirs)(store)
            for _ in range(after):
                if not run.is_over:
                    run.step()
            if not run.is_over:
                run.kill(is_done=False)
            run.join()
            publishing(theirs)(store)
            assert (before, after, differing(store)) == (before, after, [])
