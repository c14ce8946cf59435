"""Random lives of petitions, played by random people through the services, and their fold from the log alone."""

import random
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta

import webworld
from dauys.errors import DauysError
from dauys.ledger import sqlite
from dauys.ledger.leaves import decode_leaf
from webworld import MODERATOR, SECOND_MODERATOR, Official, evidence, hand_in, installation

NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)  # a Monday morning
REVIEWER, CLERK, HEAD = Official(3, "reviewer"), Official(4, "clerk"), Official(5, "head")


def log_entries():
    places, _ = installation()
    with closing(sqlite.connect(places.database)) as connection:
        return sqlite.read_entries(connection, 0, sqlite.read_tail(connection).size)


def folded(petition):
    """The life of a petition from the log alone."""
    from dauys.petitions.life import step
    from dauys.petitions.states import TRANSITIONS
    from dauys.petitions.terms import terms_of

    life = None
    for entry in log_entries():
        leaf = decode_leaf(entry)
        if type(leaf) in TRANSITIONS and leaf.subject == petition.subject_name:
            rules = life.rules if life else leaf.rules
            life = step(life, leaf, terms_of(rules))
    return life


def random_call(rng, number, now):
    """One service call by somebody, sensible or not."""
    from dauys.petitions.services import appeals, authoring, consideration, deadlines, moderation

    _, keys = installation()
    who = rng.choice([MODERATOR, SECOND_MODERATOR, REVIEWER, Official(1, "reviewer"), CLERK, HEAD])
    author = evidence(rng.choice(["author", "author", "author", "stranger"]))
    kind = rng.choice(["refuse", "stop", "remove"])
    reason = rng.choice(["no-demand", "court-order", "danger-to-life"])
    later = now + timedelta(days=rng.randrange(-1, 8))
    return rng.choice([
        lambda: moderation.accept(keys, number, who, now),
        lambda: moderation.propose(keys, number, kind, [reason], "неге", who, now),
        lambda: moderation.confirm(keys, number, who, now),
        lambda: moderation.merge(keys, number, number + rng.randrange(2), "неге", who, now),
        lambda: moderation.transfer(keys, number, rng.choice(["a", "b"]), {}, "неге", who, rng.choice(["moderator", "clerk"]), now),
        lambda: authoring.withdraw(keys, number, author, now) if rng.random() < 0.1 else None,
        lambda: authoring.appeal(keys, number, rng.choice(["refusal", "removal", "silence"]), "мен", author, now),
        lambda: authoring.resubmit(keys, number, webworld.submission(), author, now),
        lambda: appeals.decide_appeal(keys, number, rng.random() < 0.6, "міне", who, now, later.date()),
        lambda: consideration.form_group(keys, number, "топ", who, now),
        lambda: consideration.call_hearing(keys, number, "жоба", later, "мұнда", who, now),
        lambda: consideration.hold_hearing(keys, number, "хаттама", 3, who, now),
        lambda: consideration.decide(
            keys, number, rng.choice(["satisfied", "refused"]), "шешім",
            [consideration.Promise("уәде", later.date())] * rng.randrange(3), who, author, now,
        ),
        lambda: consideration.fulfil(keys, number, rng.randrange(3), "болды", who, now),
        lambda: deadlines.run_deadlines(keys, now),
    ])  # fmt: skip


def sensible_call(rng, petition, other, now):
    """A call that the right person could make in this state, so that lives get far."""
    from dauys.petitions.services import appeals, authoring, consideration, deadlines, moderation

    _, keys = installation()
    number, soon = petition.pk, now + timedelta(days=7)
    against = [
        lambda: moderation.propose(keys, number, "refuse", ["no-demand"], "неге", MODERATOR, now),
        lambda: moderation.confirm(keys, number, SECOND_MODERATOR, now),
    ]
    appeal = [
        lambda: authoring.appeal(keys, number, "removal" if petition.state == "removed" else "refusal", "мен", evidence(), now),
        lambda: appeals.decide_appeal(keys, number, rng.random() < 0.6, "міне", REVIEWER, now, now.date()),
    ]  # fmt: skip
    promises = [consideration.Promise("уәде", now.date())] * rng.randrange(3)
    clock = [lambda: deadlines.run_deadlines(keys, now)] * 4
    endings = [
        lambda: moderation.propose(keys, number, "stop", ["done"], "неге", MODERATOR, now),
        lambda: moderation.confirm(keys, number, SECOND_MODERATOR, now),
        lambda: moderation.merge(keys, number, other.pk, "неге", MODERATOR, now),
    ]
    moves = {
        "gathering": clock,
        "collecting": [*clock, *endings],
        "moderation": [*against, *against, lambda: moderation.accept(keys, number, MODERATOR, now)],
        "refused": [*appeal, *appeal, lambda: authoring.resubmit(keys, number, webworld.submission(), evidence(), now)],
        "removed": appeal,
        "registered": [lambda: consideration.form_group(keys, number, "топ", CLERK, now)],
        "working-group": [lambda: consideration.call_hearing(keys, number, "жоба", soon, "мұнда", CLERK, now)],
        "hearing": [
            lambda: consideration.hold_hearing(keys, number, "хаттама", 3, CLERK, now),
            lambda: consideration.decide(keys, number, "satisfied", "шешім", promises, HEAD, evidence("head"), now),
        ],
        "decided": [lambda: consideration.fulfil(keys, number, rng.randrange(3), "болды", CLERK, now)],
    }
    return rng.choice(moves.get(petition.state, clock))


def play(seed, calls, look=lambda *_: None):
    """Random calls by random people on passing days; the states that were reached. `look` sees petition and moment after each."""
    rng, now = random.Random(seed), NOW
    petition, reached = hand_in(now), set()
    other = webworld.add_petition(signatures=60, opened=webworld.datetime.now(UTC) - NOW)
    for _ in range(calls):
        now += timedelta(days=rng.choice([0, 0, 0, 1, 1, 3, 30]))
        before = petition.life
        with suppress(DauysError):
            (sensible_call(rng, petition, other, now) if rng.random() < 0.5 else random_call(rng, petition.pk, now))()
        petition = type(petition).objects.get(pk=petition.pk)
        reached.add(petition.state)
        if rng.random() < 0.15 and petition.state in ("gathering", "collecting"):
            webworld.clear_tally(petition)
            webworld.tally(petition, rng.choice([10, 60, 60, 60, 50_000]), now - timedelta(hours=2), now)
        look(petition, now)
        check_table(before, petition.life)
        assert petition.life == folded(petition), seed
    return reached


def check_table(before, after):
    """Whatever happened is a path of the table, at most the two steps that one call may take."""
    from dauys.petitions.states import TRANSITIONS, State

    onward = {state: {t.to for t in TRANSITIONS.values() if state in t.start and t.to} for state in State}
    onward[State.DECIDED] |= {State.CARRIED_OUT}
    onward[State.REMOVED] |= {before.before.state} if before.before else set()
    onward[State.REFUSED] |= {State.MODERATION}
    reach = {before.state} | onward[before.state]
    reach |= {far for near in onward[before.state] for far in onward[near]}
    assert after.state in reach, (before.state, after.state)
