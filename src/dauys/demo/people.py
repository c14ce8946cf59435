"""Citizens by number: the same (seed, number) is always the same person, and no two numbers share an IIN."""

from __future__ import annotations

import math
import random
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any, Literal

from dauys.errors import BadInput
from dauys.identity.iin import check_digit

Algorithm = Literal["gost", "rsa"]
Sex = Literal["male", "female"]

FIRST_BIRTH = date(1936, 1, 1)
LAST_BIRTH = date(2007, 12, 31)
BIRTH_DAYS = (LAST_BIRTH - FIRST_BIRTH).days + 1
SERIAL_PAIRS = 5_000  # four digits, taken in pairs because some bodies have no check digit
POPULATION = BIRTH_DAYS * 2 * SERIAL_PAIRS  # how many distinct citizens there are: 262,980,000
FIRST_VISITOR = 10_000_000  # citizens below are left to the seeded signatures, replays and benchmarks

# The national CA has issued only GOST keys since April 2024; RSA ones of accredited CAs live on.
GOST_PERCENT = 80

# Whom a browser is: browsers send it to every port of a host, so portal, phone and NCALayer of the demo agree.
COOKIE = "dauys_demo_person"


@dataclass(frozen=True, slots=True)
class Citizen:
    """A demo adult; `region` is an ISO 3166-2:KZ code, `iin` twelve digits with a right check digit."""

    number: int
    surname: str
    given_name: str
    patronymic: str
    sex: Sex
    birth_date: date
    region: str
    iin: str
    algorithm: Algorithm


@dataclass(frozen=True, slots=True)
class _People:
    surnames: dict[Sex, list[str]]
    given: dict[Sex, list[str]]
    patronymics: dict[Sex, list[str]]


def visitor(key: str) -> int:
    """The number of a citizen for a visitor to sign as: always the same one for the same key."""
    return random.Random(key).randrange(FIRST_VISITOR, POPULATION)


def number_in(text: str) -> int | None:
    """The citizen's number that an address, a field or a cookie names, if it does."""
    plain = text.isascii() and text.isdecimal() and len(text) <= len(str(POPULATION))
    return int(text) % POPULATION if plain else None


def shown_name(person: Citizen) -> str:
    """Surname, given name and patronymic, as in the certificate."""
    return f"{person.surname} {person.given_name} {person.patronymic}".strip()


def citizen(number: int, seed: int = 1) -> Citizen:
    """Citizen of that number, 0 <= number < POPULATION; raises BadInput outside of it."""
    if not 0 <= number < POPULATION:
        raise BadInput(what=f"there is no demo citizen {number}; they are numbered from 0 to {POPULATION - 1}")
    key, step, start = _permutation(seed)
    rest, serial_pair = divmod((number * step + start) % POPULATION, SERIAL_PAIRS)
    days, is_woman = divmod(rest, 2)
    sex: Sex = "female" if is_woman else "male"
    birth = FIRST_BIRTH + timedelta(days=days)
    dice = int.from_bytes(blake2b(number.to_bytes(8, "big"), digest_size=16, key=key).digest())
    dice, people_roll = divmod(dice, len(_peoples()))
    dice, region_roll = divmod(dice, len(_regions()))
    dice, algorithm_roll = divmod(dice, 100)
    people = _peoples()[people_roll]
    names = []
    for choices in (people.surnames[sex], people.given[sex], people.patronymics[sex]):
        dice, chosen = divmod(dice, len(choices))
        names.append(choices[chosen])
    return Citizen(
        number=number,
        surname=names[0],
        given_name=names[1],
        patronymic=names[2],
        sex=sex,
        birth_date=birth,
        region=_regions()[region_roll],
        iin=_iin(birth, sex, serial_pair),
        algorithm="gost" if algorithm_roll < GOST_PERCENT else "rsa",
    )


def author_number(slug: str) -> int:
    """Which demo citizen wrote a petition: from the far end of the country, where no seeded signature comes from."""
    return POPULATION - 1 - sum(ord(letter) * 31**place for place, letter in enumerate(slug)) % 100_000


def _iin(birth: date, sex: Sex, serial_pair: int) -> str:
    """YYMMDD, the century-and-sex digit, a serial of the pair, the check digit.

    A body without a check digit has rest 10 in the second row too; there the last digit weighs 2, so its twin
    (differing by one in that digit) rests 8 or 1: one of the pair always serves, and no pair meets another.
    """
    century = (3 if birth.year < 2000 else 5) + (sex == "female")
    for serial in (2 * serial_pair, 2 * serial_pair + 1):
        body = f"{birth:%y%m%d}{century}{serial:04d}"
        if (check := check_digit(body)) is not None:
            return f"{body}{check}"
    raise AssertionError(serial_pair)


@cache
def _permutation(seed: int) -> tuple[bytes, int, int]:
    """Of one seed: the key of the dice, and step and start of an affine permutation of 0..POPULATION-1."""
    material = blake2b(b"dauys demo people %d" % seed).digest()
    step = int.from_bytes(material[:16]) % POPULATION
    while math.gcd(step, POPULATION) != 1:
        step += 1
    return material[32:], step, int.from_bytes(material[16:32]) % POPULATION


@cache
def _regions() -> list[str]:
    """Each region as often as it has thousands of residents: one roll of the dice is one look-up."""
    return [code for code, thousands in _data("regions.toml").items() for _ in range(thousands)]


@cache
def _peoples() -> list[_People]:
    """Each people as often as its weight says."""
    peoples = _data("names.toml")["peoples"]
    return [people for entry in peoples for people in [_people(entry)] * entry["weight"]]


def _people(entry: dict[str, Any]) -> _People:
    fathers = [forms.split("/") for forms in entry["fathers"]]
    return _People(
        surnames={"male": entry["surnames"], "female": [_feminine(name) for name in entry["surnames"]]},
        given={"male": entry["men"], "female": entry["women"]},
        patronymics={"male": [forms[0] for forms in fathers], "female": [forms[1] for forms in fathers]},
    )


def _feminine(surname: str) -> str:
    if surname.endswith("ский"):
        return surname.removesuffix("ий") + "ая"
    return surname + "а" if surname.endswith(("ов", "ев", "ёв", "ин")) else surname


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(files("dauys.demo").joinpath("data", name).read_text(encoding="utf-8"))
