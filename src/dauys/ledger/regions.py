"""The regions a signer may declare: ISO 3166-2:KZ codes with their names in three languages."""

from __future__ import annotations

# ISO 3166-2:KZ as of 2022 (Abai, Zhetisu, Ulytau founded; 17 regions and 3 cities of national significance).
REGIONS: dict[str, dict[str, str]] = {
    "KZ-10": {"kk": "Абай облысы", "ru": "область Абай", "en": "Abai region"},
    "KZ-11": {"kk": "Ақмола облысы", "ru": "Акмолинская область", "en": "Akmola region"},
    "KZ-15": {"kk": "Ақтөбе облысы", "ru": "Актюбинская область", "en": "Aktobe region"},
    "KZ-19": {"kk": "Алматы облысы", "ru": "Алматинская область", "en": "Almaty region"},
    "KZ-23": {"kk": "Атырау облысы", "ru": "Атырауская область", "en": "Atyrau region"},
    "KZ-27": {"kk": "Батыс Қазақстан облысы", "ru": "Западно-Казахстанская область", "en": "West Kazakhstan region"},
    "KZ-31": {"kk": "Жамбыл облысы", "ru": "Жамбылская область", "en": "Zhambyl region"},
    "KZ-33": {"kk": "Жетісу облысы", "ru": "область Жетісу", "en": "Zhetisu region"},
    "KZ-35": {"kk": "Қарағанды облысы", "ru": "Карагандинская область", "en": "Karaganda region"},
    "KZ-39": {"kk": "Қостанай облысы", "ru": "Костанайская область", "en": "Kostanay region"},
    "KZ-43": {"kk": "Қызылорда облысы", "ru": "Кызылординская область", "en": "Kyzylorda region"},
    "KZ-47": {"kk": "Маңғыстау облысы", "ru": "Мангистауская область", "en": "Mangystau region"},
    "KZ-55": {"kk": "Павлодар облысы", "ru": "Павлодарская область", "en": "Pavlodar region"},
    "KZ-59": {
        "kk": "Солтүстік Қазақстан облысы",
        "ru": "Северо-Казахстанская область",
        "en": "North Kazakhstan region",
    },
    "KZ-61": {"kk": "Түркістан облысы", "ru": "Туркестанская область", "en": "Turkistan region"},
    "KZ-62": {"kk": "Ұлытау облысы", "ru": "область Ұлытау", "en": "Ulytau region"},
    "KZ-63": {"kk": "Шығыс Қазақстан облысы", "ru": "Восточно-Казахстанская область", "en": "East Kazakhstan region"},
    "KZ-71": {"kk": "Астана қаласы", "ru": "город Астана", "en": "Astana city"},
    "KZ-75": {"kk": "Алматы қаласы", "ru": "город Алматы", "en": "Almaty city"},
    "KZ-79": {"kk": "Шымкент қаласы", "ru": "город Шымкент", "en": "Shymkent city"},
}
UNDECLARED = {"kk": "көрсетілмеген", "ru": "не указан", "en": "not stated"}
# Letters in the order of the Kazakh alphabet, which holds the Russian one; code points would put Ә, Қ and Ұ last.
ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"


def ordered_regions(language: str) -> list[tuple[str, str]]:
    """(code, name) in the order in which a reader of this language looks for them."""
    return sorted(((code, names[language]) for code, names in REGIONS.items()), key=lambda item: _order(item[1]))


def _order(name: str) -> list[int]:
    return [ALPHABET.find(letter) if letter in ALPHABET else ord(letter) - 0x10000 for letter in name.casefold()]


def region_name(code: str, language: str) -> str:
    """The region's name, or "not stated" for the empty code; KeyError for an unknown one."""
    return REGIONS[code][language] if code else UNDECLARED[language]
