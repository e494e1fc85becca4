"""Reading a JSON document member by member, with a clear error for each that is not as expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from servanda.errors import ContractError


@dataclass(frozen=True, slots=True)
class Members:
    """The members of one JSON object.

    Attributes:
        values: As they were read.
        where: What the object is, for messages.
    """

    values: Mapping[str, object]
    where: str

    @classmethod
    def of(cls, value: object, where: str) -> Members:
        """The members of a value that has to be an object.

        Raises:
            ContractError: It is none.
        """
        if not isinstance(value, Mapping):
            raise ContractError(f"'{where}' is {value!r}, expected an object")
        return cls(value, where)

    def mapping(self, key: str) -> Mapping[str, object]:
        """An object as it is; empty if it is not there."""
        return self.members(key).values

    def members(self, key: str) -> Members:
        """An object; empty if it is not there."""
        value = self.values.get(key)
        return Members.of({} if value is None else value, f"{self.where}.{key}")

    def required(self, key: str) -> Members:
        """An object that has to be there."""
        return Members.of(self.values.get(key), f"{self.where}.{key}")

    def list(self, key: str) -> tuple[Members, ...]:
        """A list of objects; empty if it is not there. A single object counts as a list of one."""
        value = self.values.get(key)
        entries = [] if value is None else value if isinstance(value, list) else [value]
        return tuple(Members.of(entry, f"{self.where}.{key}[{index}]") for index, entry in enumerate(entries))

    def text(self, key: str, default: str = "") -> str:
        """A string; the default if it is not there."""
        value = self.values.get(key)
        if value is None:
            return default
        if not isinstance(value, str):
            raise ContractError(f"'{self.where}.{key}' is {value!r}, expected a string")
        return value

    def name(self, key: str) -> str:
        """A string that has to be there and not empty."""
        value = self.text(key)
        if not value:
            raise ContractError(f"'{self.where}.{key}' is missing")
        return value

    def integer(self, key: str, default: int) -> int:
        """An integer; the default if it is not there."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ContractError(f"'{self.where}.{key}' is {value!r}, expected an integer")
        return value
