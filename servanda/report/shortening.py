"""Messages that list very much, short enough to be read; JSON has them whole, and so has the fingerprint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_LONG, _HEAD, _TAIL = 400, 200, 80
_JOINTS = (", ", " or ", " / ")
_LIST = 10


def shortened(message: str) -> str:
    """Leave out the middle of a long message: members of a list, else characters, with their number.

    Beginning and end stay, since the end says what became of the members.
    """
    if len(message) <= _LONG:
        return message
    for joint in _JOINTS:
        members = message.split(joint)
        head = list(_within(members, _HEAD, joint))
        tail = list(_within(reversed(members), _TAIL, joint))[::-1]
        left_out = len(members) - len(head) - len(tail)
        if head and tail and left_out > _LIST:
            return joint.join([*head, f"[{left_out} more]", *tail])
    return f"{message[:_HEAD]} [{len(message) - _HEAD - _TAIL} characters more] {message[-_TAIL:]}"


def _within(members: Iterable[str], length: int, joint: str) -> Iterator[str]:
    for member in members:
        length -= len(member) + len(joint)
        if length < 0:
            return
        yield member
