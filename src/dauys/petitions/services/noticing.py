"""Letters about steps: queued in batches by the worker, and each follower's exactly once, however often it is killed.

A batch's letters and the place it reached are one transaction. Batches wait while many letters do, so neither memory nor
the queue grows with the number of followers.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from dauys.desk import followers
from dauys.desk.followers import Follower
from dauys.desk.mail import Letter, Mail, ToSend, queue_all, queue_mail, send_due
from dauys.desk.mailboxes import mailboxes
from dauys.desk.staff import Role
from dauys.desk.transactions import office_transaction
from dauys.petitions import queries
from dauys.petitions.models import Author, Petition, PetitionText
from dauys.petitions.notice_texts import (
    author_leave_address,
    compose,
    compose_invitation,
    compose_turn,
    leave_address,
)
from dauys.petitions.notices import Notice, Reminder
from dauys.petitions.services.author_letters import ESSENTIAL, wants
from dauys.petitions.states import Actor

if TYPE_CHECKING:
    from datetime import date, datetime

    from dauys.ledger.keys import Keys

BATCH = 200  # followers of one transaction: tens of milliseconds of the writer's lock
MOST_WAITING = 1000  # letters; more are not queued before some have gone
KIND = "notice"
ANYBODY = f"0-{'0' * 32}"  # a token that is nobody's
NEAR = timedelta(days=3)  # before the last day
TASKS = {
    Actor.MODERATOR: (Role.MODERATOR,), Actor.REVIEWER: (Role.REVIEWER,), Actor.BODY: (Role.CLERK, Role.HEAD),
}  # fmt: skip
BEGINS = {
    "petition.submitted": Actor.MODERATOR,
    "petition.appealed": Actor.REVIEWER,
    "petition.registered": Actor.BODY,
}
HANDED_ON = ("petition.transferred", "petition.appeal-decided")  # to whose turn it then is


def post(keys: Keys, now: datetime) -> int:
    """The worker's round: queues what there is to tell and hands letters over; how many went."""
    queue_notices(keys, now)
    remind(keys, now)
    return send_due(keys, max(now, timezone.now()))  # what was just queued goes at once


def queue_notices(keys: Keys, now: datetime) -> int:
    """Queues letters of waiting notices, the oldest first, while the queue has room; how many."""
    queued, room = 0, MOST_WAITING - Mail.objects.filter(kind=KIND).count()
    while room - queued >= BATCH:
        waiting = Notice.objects.filter(done_at=None).order_by("id").values_list("pk", flat=True).first()
        if waiting is None:
            break
        queued += queue_batch(keys, waiting, now)
    return queued


def remind(keys: Keys, now: datetime) -> int:
    """Reminds officials, once, of a last day that is near; how many letters. Nothing is due that is over."""
    today, letters = timezone.localdate(now), 0
    reminded = Reminder.objects.filter(petition=OuterRef("pk"), due=OuterRef("due"))
    near = Petition.objects.filter(turn__in=TASKS, due__range=(today, today + NEAR)).exclude(Exists(reminded))
    for number in near.values_list("pk", flat=True):
        with office_transaction():
            petition = Petition.objects.get(pk=number)
            if Reminder.objects.get_or_create(petition=petition, due=petition.due)[1]:
                letters += _tell_turn(keys, petition, Actor(petition.turn), petition.due)
    return letters


def queue_batch(keys: Keys, number: int, now: datetime) -> int:
    """One transaction's letters of one notice: to the author first, then to the next followers; how many."""
    with office_transaction():
        notice = Notice.objects.select_related("petition").get(pk=number)
        if notice.done_at is not None:
            return 0
        letters = 0 if notice.begun else _tell_author(keys, notice) + _tell_officials(keys, notice)
        found = list(_next_followers(notice)[:BATCH])
        versions = {language: _text(notice, language) for language in {each.language for each in found}}
        written = {language: _written(notice, text, language) for language, text in versions.items()}
        queue_all(keys, [_to_follower(keys, each, written[each.language]) for each in found], KIND)
        notice.begun, notice.letters = True, notice.letters + letters + len(found)
        if found:
            notice.reached = found[-1].pk
        if len(found) < BATCH:
            notice.done_at = now
        notice.save()
    return letters + len(found)


def follow(keys: Keys, number: int, address: str, language: str, now: datetime) -> None:
    """Asks an address's owner by letter whether they want to follow; AddressUnfit, SubjectUnknown."""
    petition = queries.shown(number)
    with office_transaction():
        follower = followers.ask(keys, petition.subject_name, address, language, now)
        if follower is not None:
            text = _text(Notice(petition=petition), language)
            token = followers.token_of(keys, follower)
            subject, body = compose_invitation(number, text.title if text else petition.subject_name, token, language)
            queue_mail(keys, followers.checked(address), language, subject, body, "follow")


def _next_followers(notice: Notice) -> list[Follower]:
    """Who had confirmed before the step, in the order of their rows."""
    of_subject = Follower.objects.filter(subject=notice.petition.subject_name, pk__gt=notice.reached)
    return of_subject.filter(confirmed_at__lte=notice.moment).order_by("pk")  # type: ignore[return-value]


def _written(notice: Notice, text: PetitionText | None, language: str) -> Letter:
    """The letter to all followers of a language, with ANYBODY for the token of each."""
    leave = leave_address(ANYBODY, language)
    return Letter("", *compose(notice, text, language, leave), leave)


def _to_follower(keys: Keys, follower: Follower, written: Letter) -> ToSend:
    token = followers.token_of(keys, follower)
    text, leave = written.text.replace(ANYBODY, token), written.leave.replace(ANYBODY, token)
    return ToSend(Letter(followers.address_of(keys, follower), written.subject, text, leave), follower.language)


def _tell_author(keys: Keys, notice: Notice) -> int:
    """The author hears of every step they want to, and sees the title whether or not the public does."""
    author = Author.objects.filter(petition=notice.petition).first()
    if author is None or not wants(author, notice.kind):
        return 0
    leave = "" if notice.kind in ESSENTIAL else author_leave_address(author.token(keys), author.language)
    text = _text(notice, author.language, to_author=True)
    subject, body = compose(notice, text, author.language, leave, to_author=True)
    queue_mail(keys, author.address(keys), author.language, subject, body, KIND, leave)
    return 1


def _tell_officials(keys: Keys, notice: Notice) -> int:
    """Those whose turn begins by this step; their own steps are no news to them."""
    actor = BEGINS.get(notice.kind) or (Actor(notice.turn) if notice.kind in HANDED_ON else None)
    return _tell_turn(keys, notice.petition, actor, notice.due)


def _tell_turn(keys: Keys, petition: Petition, actor: Actor | None, due: date | None) -> int:
    found = mailboxes(TASKS[actor], petition.body if actor is Actor.BODY else "") if actor in TASKS else []
    for mailbox in found:
        subject, body = compose_turn(petition.pk, due, mailbox.language)
        queue_mail(keys, mailbox.address(keys), mailbox.language, subject, body, "turn")
    return len(found)


def _text(notice: Notice, language: str, *, to_author: bool = False) -> PetitionText | None:
    """The petition's text as it now stands, where the public sees it now."""
    if not (to_author or notice.petition.text_public):
        return None
    current = PetitionText.objects.filter(petition=notice.petition, attempt=F("petition__attempt"))
    return queries.version(list(current.defer("text", "search")), language)
