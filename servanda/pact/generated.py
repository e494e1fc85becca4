"""Values that generators make, one row per kind of generator."""

from __future__ import annotations

import json
import random
import re
import string
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from servanda.errors import ContractError
from servanda.pact.date_texts import written
from servanda.pact.document import Generator
from servanda.pact.moments import moment
from servanda.patterns import plain, understood
from servanda.patterns.samples import samples

_PLACEHOLDER = re.compile(r"\$\{([^{}]+)\}")
_LONGEST: Final = 10_000
_NOT_THERE: Final = object()

Values = Mapping[str, object]
"""What the provider states were given and what they returned, by name."""
_Make = Callable[[Generator, Values, object], object]
"""Gives the value of a generator; the third argument is the example."""


def value(generator: Generator, values: Values, example: object) -> object:
    """Return what a generator puts in place of an example; the example itself if its kind is not known.

    A plugin may have a kind of its own. ``MockServerURL`` is known and keeps the example: the server is that of the
    consumer's test.

    Raises:
        ContractError: An attribute of it cannot be used.
    """
    make = _KINDS.get(generator.kind)
    found = example if make is None else make(generator, values, example)
    # A number that the consumer writes as text stays one.
    return _as_text(found) if generator.kind in _OF_NUMBERS and isinstance(example, str) else found


def text(generator: Generator, values: Values, example: str) -> str:
    """Return what a generator puts in place of a text; see :func:`value`.

    Raises:
        ContractError: An attribute of it cannot be used.
    """
    found = value(generator, values, example)
    return found if isinstance(found, str) else json.dumps(found)


def _of_state(generator: Generator, values: Values, example: object) -> object:
    expression = generator.values.get("expression")
    if not isinstance(expression, str):
        return example
    found = _inserted(expression, values)
    if found is _NOT_THERE:
        return example
    data_type = generator.values.get("dataType")
    convert = _DATA_TYPES.get(str(data_type).upper())
    if convert is None:
        return found
    try:
        return convert(found)
    except (TypeError, ValueError):
        what = f"the value {found!r:.80} of a provider state is no {data_type}, which '{expression:.80}' has to be"
        raise ContractError(what) from None


def _inserted(expression: str, values: Values) -> object:
    whole = _PLACEHOLDER.fullmatch(expression)
    if whole is not None:
        return values.get(whole[1], _NOT_THERE)
    if expression in values:
        return values[expression]
    names = _PLACEHOLDER.findall(expression)
    if not names or any(name not in values for name in names):
        return _NOT_THERE
    return _PLACEHOLDER.sub(lambda found: _as_text(values[found[1]]), expression)


def _as_text(found: object) -> str:
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, default=str)


def _boolean(found: object) -> bool:
    if isinstance(found, bool):
        return found
    words = {"true": True, "false": False}
    if str(found).lower() not in words:
        raise ValueError(found)
    return words[str(found).lower()]


def _integer(found: object) -> int:
    if isinstance(found, bool) or (isinstance(found, float) and not found.is_integer()):
        raise ValueError(found)
    return int(found) if isinstance(found, int | float) else int(str(found).strip())


_DATA_TYPES: Final[Mapping[str, Callable[[object], object]]] = MappingProxyType(
    {
        "STRING": _as_text,
        "INTEGER": _integer,
        "DECIMAL": lambda found: float(str(found)),
        "FLOAT": lambda found: float(str(found)),
        "BOOLEAN": _boolean,
    }
)
"""``RAW`` is the value as it is."""


def _number(generator: Generator, name: str, default: int) -> int:
    found = generator.values.get(name, default)
    try:
        return _integer(found)
    except (TypeError, ValueError):
        raise ContractError(f"the generator '{generator.kind}' has {name} {found!r:.80}, expected an integer") from None


def _length(generator: Generator, name: str) -> int:
    found = _number(generator, name, 10)
    if not 0 <= found <= _LONGEST:
        what = f"the generator '{generator.kind}' has {name} {found}, expected 0 to {_LONGEST:,}"
        raise ContractError(what)
    return found


def _random_integer(generator: Generator, _values: Values, _example: object) -> int:
    least, most = _number(generator, "min", 0), _number(generator, "max", 2**31 - 1)
    if most < least:
        raise ContractError(f"the generator 'RandomInt' has the maximum {most} below the minimum {least}")
    return random.randint(least, most)  # noqa: S311 - no secret


def _random_decimal(generator: Generator, _values: Values, _example: object) -> float:
    # More digits than a number holds would be no decimal any more.
    digits = min(max(_length(generator, "digits"), 2), 15)
    whole = random.randint(10 ** (digits - 1), 10**digits - 1)  # noqa: S311 - no secret
    point = random.randint(1, digits - 1)  # noqa: S311 - no secret
    written_out = str(whole // 10 * 10 + random.randint(1, 9))  # noqa: S311 - no secret
    return float(f"{written_out[:point]}.{written_out[point:]}")


def _random_text(name: str, characters: str) -> _Make:
    def make(generator: Generator, _values: Values, _example: object) -> str:
        return "".join(random.choices(characters, k=_length(generator, name)))  # noqa: S311 - no secret

    return make


def _random_of_expression(generator: Generator, _values: Values, example: object) -> str:
    written_as = str(generator.values.get("regex", ""))
    expression = understood(written_as)
    found = [each for each in samples(plain(written_as)) if expression.fullmatch(each)]
    if not found and isinstance(example, str) and expression.fullmatch(example):
        return example  # not every dialect can be made texts of
    if not found:
        raise ContractError(f"no text that matches '{written_as:.80}' could be made")
    return random.choice(found)  # noqa: S311 - no secret


def _random_uuid(generator: Generator, _values: Values, _example: object) -> str:
    found = uuid.uuid4()
    forms = {"simple": found.hex, "upper-case-hyphenated": str(found).upper(), "URN": found.urn}
    return forms.get(str(generator.values.get("format")), str(found))


def _time(default: str, *, dates: bool, times: bool) -> _Make:
    def make(generator: Generator, _values: Values, _example: object) -> str:
        form, expression = generator.values.get("format"), generator.values.get("expression")
        now = datetime.now().astimezone()
        found = moment(str(expression or ""), now, dates=dates, times=times)
        return written(str(form or default), found)

    return make


_KINDS: Final[Mapping[str, _Make]] = MappingProxyType(
    {
        "ProviderState": _of_state,
        "RandomInt": _random_integer,
        "RandomDecimal": _random_decimal,
        "RandomHexadecimal": _random_text("digits", "0123456789ABCDEF"),
        "RandomString": _random_text("size", string.ascii_letters + string.digits),
        "RandomBoolean": lambda *_: random.random() < 0.5,  # noqa: S311 - no secret
        "Regex": _random_of_expression,
        "Uuid": _random_uuid,
        "Date": _time("yyyy-MM-dd", dates=True, times=False),
        "Time": _time("HH:mm:ss", dates=False, times=True),
        "DateTime": _time("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", dates=True, times=True),
    }
)

_OF_NUMBERS: Final = frozenset({"RandomBoolean", "RandomDecimal", "RandomInt"})
OF_STATES: Final = frozenset({"ProviderState"})
"""Kinds that say the same however often they are asked: only these may change what is expected of an answer."""
