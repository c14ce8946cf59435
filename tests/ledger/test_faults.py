import errno

import pytest

from dauys.errors import Refusal
from dauys.ledger import faults


@pytest.fixture(autouse=True)
def disarmed(monkeypatch):
    yield
    monkeypatch.delenv(faults.VARIABLE, raising=False)
    faults.arm("demo")


def test_nothing_happens_unless_it_is_asked_for(monkeypatch):
    monkeypatch.delenv(faults.VARIABLE, raising=False)
    faults.arm("production")
    for point in faults.POINTS:
        faults.reach(point)


def test_a_fault_happens_once_at_the_nth_time(monkeypatch):
    monkeypatch.setenv(faults.VARIABLE, "after-tiles:enospc:2")
    faults.arm("demo")
    faults.reach("after-tiles")
    faults.reach("after-tail")
    with pytest.raises(OSError, match="space") as caught:
        faults.reach("after-tiles")
    assert caught.value.errno == errno.ENOSPC
    faults.reach("after-tiles")


def test_any_point_is_counted_by_a_star(monkeypatch):
    monkeypatch.setenv(faults.VARIABLE, "*:eio:3")
    faults.arm("demo")
    faults.reach("begun")
    faults.reach("after-tiles")
    with pytest.raises(OSError, match="Input/output"):
        faults.reach("begun")


@pytest.mark.parametrize("setting", ["after-tiles:kill", "*:eio"])
def test_a_production_server_is_never_broken_on_purpose(monkeypatch, setting):
    monkeypatch.setenv(faults.VARIABLE, setting)
    with pytest.raises(Refusal, match="demo installations only"):
        faults.arm("production")


@pytest.mark.parametrize("setting", ["nowhere:kill", "begun:dance", "begun", "begun:kill:x", "begun:kill:-1"])
def test_a_setting_that_means_nothing_is_refused(monkeypatch, setting):
    monkeypatch.setenv(faults.VARIABLE, setting)
    with pytest.raises(Refusal, match="no point"):
        faults.arm("demo")
