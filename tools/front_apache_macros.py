"""Parts of a random configuration of httpd in macros, which write what stood there."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tools.front_case import Node
from tools.front_words import Draft

_PLAIN = re.compile(r"[\w./:@-]{2,}|[$%](?:one|two)", re.ASCII)
_NAMES = ([("$one", "%two"), ("@three", "$four")], [("%uno", "@due"), ("$tre", "%quattro")])


def macroed(draft: Draft, nodes: Sequence[Node]) -> tuple[Node, ...]:
    """With macros before them, one perhaps used in the other; what is read is the same."""
    macro, changed = _taken(draft, tuple(nodes), 0)
    if macro.block and draft.chance(0.4):
        inner, block = _taken(draft, macro.block, 1)
        if draft.chance(0.3) or any(name in text for name in macro.words for text in _words(inner.block or ())):
            return (replace(macro, block=(inner, *block)), *changed)
        return (inner, replace(macro, block=block), *changed)
    return (macro, *changed)


def _taken(draft: Draft, nodes: tuple[Node, ...], number: int) -> tuple[Node, tuple[Node, ...]]:
    """Some directives that stand beside each other, as a macro; and the rest with its use."""
    inside = [place for place, each in enumerate(nodes) if each.block and each.name != "If"]
    if inside and draft.chance(0.7):
        place = draft.pick(inside)
        macro, block = _taken(draft, nodes[place].block or (), number)
        return macro, (*nodes[:place], replace(nodes[place], block=block), *nodes[place + 1 :])
    most = next((place for place, each in enumerate(nodes) if each.name == "override"), len(nodes))
    start = draft.random.randrange(most) if most else 0
    end = draft.random.randint(start + 1, most) if most else 0
    names = draft.pick(_NAMES[number])[: draft.random.randint(0, 2)]
    block, values = nodes[start:end], list[str]()
    for name in names:
        block, value = _parametrized(draft, block, name, names)
        values.append(value if draft.chance(0.5) or value.startswith("@") else f'"{value}"')
    macro = Node("Macro", (f"M@N@_{number}", *names), block)
    use = Node(draft.pick(["Use", "use"]), (draft.pick([f"M@N@_{number}", f"m@N@_{number}"]), *values))
    return macro, (*nodes[:start], use, *nodes[end:])


def _parametrized(
    draft: Draft, nodes: tuple[Node, ...], name: str, taken: Sequence[str]
) -> tuple[tuple[Node, ...], str]:
    """A word, or what it begins with, as a parameter wherever it stands; and its value."""
    words = (word for word in _words(nodes) if _PLAIN.fullmatch(word))
    plain = [word for word in words if not any(each in word for each in taken)]
    if not plain:
        return nodes, "unused"
    value = draft.pick(plain)
    head = value.rpartition("/")[0]
    if len(head) > 1 and not name.startswith("@") and draft.chance(0.5):
        return _with(nodes, head + "/", name + "/"), head
    return _with(nodes, value, name), value


def _words(nodes: tuple[Node, ...]) -> list[str]:
    return [word for node in nodes for each in node.walk() for word in each.words]


def _with(nodes: tuple[Node, ...], old: str, new: str) -> tuple[Node, ...]:
    """Plain words that begin with `old` begin with `new`; without a slash at its end, those that are it."""
    found = []
    for each in nodes:
        if new.startswith("@") and each.name == "Require":  # takes no quotes
            found.append(each)
            continue
        words = (_changed(word, old, new) if _PLAIN.fullmatch(word) else word for word in each.words)
        block = None if each.block is None else _with(each.block, old, new)
        found.append(replace(each, words=tuple(words), block=block))
    return tuple(found)


def _changed(word: str, old: str, new: str) -> str:
    if old.endswith("/") and word.startswith(old):
        return new + word[len(old) :]
    return new if word == old else word
