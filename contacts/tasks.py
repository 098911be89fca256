"""Background jobs of what puts people in touch. Each may run twice, at once, or a day late."""

from django.utils import timezone
from procrastinate.contrib.django import app

from contacts.actions import advice, afterwords, chasing, digests, event_changes, introductions, lodging, matches, rooms, selections
from contacts.actions import needs as needs_actions


@app.periodic(cron="*/20 * * * *")
@app.task(queueing_lock="contacts.chase", pass_context=False)
def chase(timestamp: int = 0):
    """Three times an hour: remind who does not answer, hand over what waited a week or until the eve, tell who waits for what is over."""
    chasing.chase(at=timezone.now())


@app.periodic(cron="*/30 * * * *")
@app.task(queueing_lock="contacts.follow_stays", pass_context=False)
def follow_stays(timestamp: int = 0):
    """Twice an hour: turns on waiting lists that pass, requests whose day has come, reminders before arrivals and departures."""
    rooms.follow_stays(at=timezone.now())


@app.periodic(cron="7 10 * * 1-5")
@app.task(queueing_lock="contacts.advise_publishers", pass_context=False)
def advise_publishers(timestamp: int = 0):
    """Every working day: advice, once, to publishers to whom nobody wrote for 60 days."""
    advice.advise(at=timezone.now())


@app.periodic(cron="37 9 * * *")
@app.task(queueing_lock="contacts.ask_afterwords", pass_context=False)
def ask_afterwords(timestamp: int = 0):
    """Every morning: three questions to who replaced a doctor, two days after the last day."""
    afterwords.ask(at=timezone.now())


@app.periodic(cron="53 3 * * *")
@app.task(queueing_lock="contacts.erase_old_conversations", pass_context=False)
def erase_old_conversations(timestamp: int = 0):
    """Every night: forget what was never confirmed, and who wrote a year ago."""
    chasing.erase_old(at=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="contacts.send_alerts", pass_context=False)
def send_alerts(timestamp: int = 0):
    """Every five minutes: alerts that are due, whatever their rhythm, and what became of events that somebody counts on."""
    at = timezone.now()
    digests.send_due(at=at)
    event_changes.tell(at=at)


@app.periodic(cron="17 8 * * *")
@app.task(queueing_lock="contacts.renew_alerts", pass_context=False)
def renew_alerts(timestamp: int = 0):
    """Every morning: ask people silent for six months whether their alerts go on, stop those of who did not answer or is not reached."""
    at = timezone.now()
    digests.ask_to_go_on(at=at)
    digests.stop_unreachable(at=at)


@app.periodic(cron="51 3 * * *")
@app.task(queueing_lock="contacts.erase_alerts", pass_context=False)
def erase_alerts(timestamp: int = 0):
    """Every night: forget alerts that are over, and their people."""
    digests.erase_old(at=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="contacts.refresh_needs", pass_context=False)
def refresh_needs(timestamp: int = 0):
    """Every five minutes: messages about needs that wait for a server are taken back when what they tell is no longer so."""
    at = timezone.now()
    matches.refresh_waiting(at=at)
    lodging.refresh_waiting(at=at)


@app.periodic(cron="11 7-20 * * *")
@app.task(queueing_lock="contacts.match_needs", pass_context=False)
def match_needs(timestamp: int = 0):
    """Every hour of the day: rooms and offers that fit a need, told to who looks and to publishers, each once a day at most."""
    at = timezone.now()
    lodging.find(at=at)
    matches.find(at=at)
    # One message a day for a person: rooms first on one day, offers first on the next, so that neither keeps the other waiting.
    turn = (lodging, matches) if timezone.localdate(at).toordinal() % 2 else (matches, lodging)
    for kind in turn:
        kind.tell_people(at=at)
    matches.tell_publishers(at=at)


@app.periodic(cron="23 8 * * *")
@app.task(queueing_lock="contacts.follow_needs", pass_context=False)
def follow_needs(timestamp: int = 0):
    """Every morning: doctors who were asked are reminded, publishers who wait are answered, needs that end are told and old ones erased."""
    at = timezone.now()
    introductions.follow(at=at)
    needs_actions.tell_ending(at=at)
    needs_actions.erase_old(at=at)


@app.periodic(cron="47 3 * * *")
@app.task(queueing_lock="contacts.erase_old_selections", pass_context=False)
def erase_old_selections(timestamp: int = 0):
    """Every night: selections that nobody opens any more, and what was taken away from the others."""
    selections.erase_old(at=timezone.now())
