import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import IinMistyped, PersonUnknown
from dauys.identity.iin import Iin, check_digit

bodies = st.text("0123456789", min_size=11, max_size=11).filter(
    lambda body: check_digit(body) is not None and int(body)
)


@given(bodies, st.integers(0, 9))
def test_only_the_right_check_digit_passes(body, digit):
    if digit == check_digit(body):
        assert Iin.parse(f"{body}{digit}").digits == f"{body}{digit}"
    else:
        with pytest.raises(PersonUnknown):
            Iin.parse(f"{body}{digit}")


def test_the_business_number_of_the_state_has_the_same_check():
    assert check_digit("00074000072") == 8


def test_the_second_weights_serve_where_the_first_give_ten():
    body = next(f"{n:011}" for n in range(1, 10**6) if sum(i * int(d) for i, d in enumerate(f"{n:011}", 1)) % 11 == 10)
    weights = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
    second = sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 11
    assert check_digit(body) == (second if second < 10 else None)


@pytest.mark.parametrize("text", ["123456789011", "123456789012"])
def test_the_test_identities_pass_only_in_the_test_profile(text):
    assert Iin.parse(text, test_profile=True).digits == text
    with pytest.raises(PersonUnknown):
        Iin.parse(text)


@pytest.mark.parametrize(
    "text", ["000000000000", "", "12345678901", "1234567890111", "12345678901a", "١٢٣٤٥٦٧٨٩٠١١", " 23456789011"]
)
@pytest.mark.parametrize("test_profile", [False, True])
def test_what_is_no_number_is_refused_in_any_profile(text, test_profile):
    with pytest.raises(PersonUnknown):
        Iin.parse(text, test_profile=test_profile)


def test_it_hides_itself():
    iin = Iin.parse("123456789011", test_profile=True)
    shown = [repr(iin), str(iin), f"{iin}", f"{iin:>20}", repr([iin]), f"{iin!r}"]
    assert all("123456" not in text and "Iin(…)" in text for text in shown)


@pytest.mark.parametrize("leak", [pickle.dumps, json.dumps, lambda iin: dict(vars(iin))])
def test_it_does_not_slip_into_serialised_data(leak):
    with pytest.raises(TypeError):
        leak(Iin.parse("123456789011", test_profile=True))


def test_equal_numbers_are_one_key():
    one, other = (Iin.parse("123456789011", test_profile=True) for _ in range(2))
    assert one == other
    assert len({one, other, copy.copy(one), copy.deepcopy(one)}) == 1
    assert one != Iin.parse("123456789012", test_profile=True)
    assert one != "123456789011"


def test_what_a_person_typed_is_told_as_such():
    assert Iin.typed(" 920110300010\n") == Iin.parse("920110300010")
    with pytest.raises(IinMistyped):
        Iin.typed("920110300011")
