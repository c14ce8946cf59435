"""The personal number (ЖСН/ИИН), a value that hides itself wherever it might be printed."""

from __future__ import annotations

from typing import Final, NoReturn

from dauys.errors import IinMistyped, PersonUnknown

LENGTH: Final = 12
# The check digit: weights of the first pass, and of the second where the first gives 10.
_WEIGHTS: Final = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND_WEIGHTS: Final = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_HIDDEN: Final = "Iin(…)"


def check_digit(body: str) -> int | None:
    """The twelfth digit of eleven, None where such a number is never issued. The business number (BIN) uses it too."""
    digits = [int(character) for character in body]
    for weights in (_WEIGHTS, _SECOND_WEIGHTS):
        rest = sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11
        if rest < 10:
            return rest
    return None


class Iin:
    """Twelve digits of one person. Equal and hashable by them; shown only through `digits`, asked for by name.

    Birth date and sex are not read from it: since 2013 the digits are not bound to them.
    """

    __slots__ = ("_digits",)

    def __init__(self, digits: str) -> None:
        self._digits = digits

    @classmethod
    def parse(cls, text: str, test_profile: bool = False) -> Iin:
        """The number in `text`, twelve digits and nothing else; PersonUnknown otherwise.

        The test profile forgives the check digit, which the national CA's test identities fail on purpose.
        """
        plain = len(text) == LENGTH and text.isascii() and text.isdigit() and text != "0" * LENGTH
        if not plain or not (test_profile or check_digit(text[:-1]) == int(text[-1])):
            raise PersonUnknown
        return cls(text)

    @classmethod
    def typed(cls, text: str, test_profile: bool = False) -> Iin:
        """The number that a person typed into a field, blanks around it forgiven; IinMistyped."""
        try:
            return cls.parse(text.strip(), test_profile)
        except PersonUnknown as unreadable:
            raise IinMistyped from unreadable

    @property
    def digits(self) -> str:
        """The number itself: personal data; do not log, store or send it in the clear."""
        return self._digits

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Iin) and other._digits == self._digits

    def __hash__(self) -> int:
        return hash((Iin, self._digits))

    def __repr__(self) -> str:
        return _HIDDEN

    def __format__(self, specification: str) -> str:
        return format(_HIDDEN, specification)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a personal number is not pickled; pass its digits on purpose")

    def __copy__(self) -> Iin:
        return self

    def __deepcopy__(self, memo: object) -> Iin:
        return self
