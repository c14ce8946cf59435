"""A jurisdiction's folder to spoil: a copy of the shipped one, changed by replacing text."""

import shutil
from pathlib import Path

from dauys.rules.reading import FOLDER


def changed(folder: Path, jurisdiction: str, name: str, *changes: tuple[str, str]) -> Path:
    """Copies a jurisdiction below `folder` (once), replaces each text in one of its files, returns `folder`."""
    home = folder / jurisdiction
    if not home.exists():
        shutil.copytree(FOLDER / jurisdiction, home)
    text = (home / name).read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (home / name).write_text(text, "utf-8")
    return folder
