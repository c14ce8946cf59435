"""The examples of docs/spec/egov-mobile.md are of the form that the door speaks."""

import json
import re
from pathlib import Path

import msgspec
import pytest

from dauys.intake.egov import Invitation
from dauys.intake.egov_documents import Package, RawAnswer, ToSign
from dauys.intake.egov_login import Login

SPEC = Path(__file__).parents[2] / "docs" / "spec" / "egov-mobile.md"
EXAMPLES = re.findall(r"```json\n(.*?)```", SPEC.read_text("utf-8"), re.DOTALL)
FORMS = (Invitation, Package, ToSign, RawAnswer, Login)


@pytest.mark.parametrize(("form", "text"), list(zip(FORMS, EXAMPLES, strict=True)))
def test_an_example_has_its_form_and_nothing_more(form, text):
    assert msgspec.to_builtins(msgspec.json.decode(text, type=form)) == json.loads(text)
