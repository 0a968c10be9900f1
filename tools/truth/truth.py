"""Counts raw files by docs/counting.md, asks the product the same, and compares to the last post.

    python3 tools/truth/truth.py FILE... [--topics FILE] [--base-url URL] [--seed N] [--count N] [--no-build] [--keep]
"""
import sys

if sys.version_info < (3, 9):
    sys.stderr.write('The truth check needs Python 3.9 or newer; this is %d.%d.\n' % sys.version_info[:2])
    sys.exit(2)

import argparse
import os
import signal
import time
import unicodedata
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import counting
import figures
import topics
from compare import ZONES, Comparison, Question
from reading import Unreadable
from stack import ROOT, Client, Stack, StackError, iso

STOP_WORDS = os.path.join(ROOT, 'libs', 'domain', 'src', 'text', 'stop-words.json')
LEAST_TOPICS = 20
SHOWN = 80
SHOWN_PER_QUESTION = 6


def say(text):
    print(text, flush=True)


def _arguments():
    parser = argparse.ArgumentParser(prog='truth', description='Compares the product with an independent count.')
    parser.add_argument('files', nargs='+', metavar='FILE', help='raw files: plain, .gz or .bz2')
    parser.add_argument('--topics', metavar='FILE', help='topics to ask, one a line; else they are drawn')
    parser.add_argument('--base-url', metavar='URL', help='a running stack that holds exactly these files')
    parser.add_argument('--seed', type=int, default=1, help='of the draw (1)')
    parser.add_argument('--count', type=int, default=0, help='draw at least so many topics')
    parser.add_argument('--no-build', dest='build', action='store_false', help='start what was built last')
    parser.add_argument('--keep', action='store_true', help='keep the folder of the private stack')
    return parser.parse_args()


class Selection:
    """Rule 14: posts of a topic in an interval, filtered, then deduplicated; a topic is looked for once."""

    def __init__(self, posts):
        self._times = figures.Times(posts)
        self._of_topic = {}

    def __call__(self, topic, interval):
        found = self._of_topic.get(topic)
        if found is None:
            matches = topics.matcher(topics.parse(topic))
            found = self._of_topic[topic] = figures.Times([post for post in self._times.posts if matches(post)])
        return counting.winners(found.between(*interval))


def _densest_day(matched):
    """The posts of the UTC day that has most of them."""
    days = Counter(post.created // 86400000 for post in matched)
    day = min(days, key=lambda key: (-days[key], key))
    return [post for post in matched if post.created // 86400000 == day]


def _questions(asked, select, whole):
    """Each topic over everything; some also over less, in other zones, with the switches turned."""
    out, narrowed = [], 0
    for number, (kind, topic) in enumerate(asked):
        zone = ZONES[number % len(ZONES)]
        out.append(Question(kind, topic, whole, zone))
        matched = select(topic, whole)
        if number % 5 == 1:
            out.append(Question(kind, topic, whole, zone, stop_words=True, note='stop words in'))
        if number % 5 == 2:
            out.append(Question(kind, topic, whole, zone, retweet_words=True, note="retweets' words in"))
        if len(matched) < 6 or narrowed >= 12:
            continue
        narrowed += 1
        # Half-open: the border is a post's own time; the one at `from` is in, the one at `to` is out.
        dense = _densest_day(matched)
        low, high = dense[len(dense) // 4].created, dense[len(dense) * 3 // 4].created
        if low < high:
            out.append(Question(kind, topic, (low, high), ZONES[(number + 1) % 4], note='borders on posts'))
        minute = 60000
        low, high = dense[0].created // minute * minute, dense[-1].created // minute * minute + minute
        out.append(Question(kind, topic, (low, high), ZONES[(number + 2) % 4], note='densest day'))
        week = 7 * 86400000
        out.append(Question(
            kind, topic, (max(whole[0], high - week), high), ZONES[(number + 3) % 4],
            note='7 days',
        ))
        if narrowed <= 2:
            out.append(Question(kind, topic, (low, low + 1), 'UTC', note='one millisecond'))
    pages = max(out, key=lambda q: len(select(q.topic, whole)) if q.interval == whole else 0, default=None)
    if pages:
        # Past the rows that are kept with the result.
        pages.page = 1300
    return out


def _short(value, width=150):
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= width else text[:width] + '…'


def _report_differences(comparison):
    of_question, shown = Counter(), 0
    for question, what, ours, theirs in comparison.differences:
        of_question[id(question)] += 1
        if of_question[id(question)] > SHOWN_PER_QUESTION or shown >= SHOWN:
            continue
        shown += 1
        say('')
        say('  %s  [%s .. %s) %s %s' % (
            question.topic, iso(question.interval[0]), iso(question.interval[1]), question.zone, question.note))
        say('    %s' % what)
        if isinstance(ours, list) and isinstance(theirs, list) and len(repr(ours)) > 150:
            place = next((i for i, pair in enumerate(zip(ours, theirs)) if pair[0] != pair[1]), min(len(ours), len(theirs)))
            say('    lengths %d and %d, first apart at %d' % (len(ours), len(theirs), place))
            ours, theirs = ours[place:place + 3], theirs[place:place + 3]
        say('    truth   %s' % _short(ours, 600))
        say('    product %s' % _short(theirs, 600))
        if question.ours is not None and question.ours.unknown:
            say('    (%d of its posts have code points that this Python, Unicode %s, does not know)' % (
                question.ours.unknown, unicodedata.unidata_version))
    if len(comparison.differences) > shown:
        say('\n  and %d more' % (len(comparison.differences) - shown))


def _settle(client, comparison, corpus, stack):
    """Waits until nothing is pending, then compares the accounting."""
    end = time.monotonic() + 90
    capture = client.capture()
    while time.monotonic() < end and (
        capture['accounting']['pending'] or capture['accounting']['received'] < corpus.accounting.received
    ):
        time.sleep(0.5)
        capture = client.capture()
    comparison.accounting(corpus.accounting, capture['accounting'], 'capture')
    comparison.reposts(corpus.without_original, capture['repostsWithoutOriginal'])
    if stack and stack.replayed.get('accounting'):
        comparison.accounting(corpus.accounting, stack.replayed['accounting'], 'replay')


def _run(arguments, stack, corpus, asked):
    select = Selection(corpus.posts)
    stop_words = figures.load_stop_words(STOP_WORDS)
    comparison = Comparison(select)
    client = Client(arguments.base_url or stack.url)
    _settle(client, comparison, corpus, stack)
    if corpus.least is None:
        say('There is no post in the files.')
        return comparison, set()
    whole = (corpus.least // 1000 * 1000, corpus.greatest // 1000 * 1000 + 1000)
    questions = _questions(asked, select, whole)
    say('Asking %d topics in %d questions.\n' % (len(asked), len(questions)))
    say('%-30s %-44s %8s %8s %6s' % ('kind', 'topic', 'posts', 'figures', 'differ'))
    done, comparable, with_words = set(), 0, 0
    with ThreadPoolExecutor(4) as pool:
        for question in pool.map(lambda q: q.ask(client), questions):
            matched = select(question.topic, question.interval)
            ours = figures.Figures(matched, stop_words, question.stop_words, question.retweet_words)
            compared, different = comparison.question(question, ours)
            label = question.kind + (', ' + question.note if question.note else '')
            say('%-30.30s %-44.44s %8d %8d %6d' % (label, question.topic, ours.posts, compared, different))
            if not question.error:
                done.add(question.topic)
                comparable += not ours.unspaced
                with_words += not ours.unspaced and ours.words > 0
            question.theirs, question.newest, question.retweeted = None, None, None
            question.ours.matched = None
    before = comparison.compared
    comparison.refused(client, whole)
    say('%-30s %-44s %8s %8d' % ('to be refused', '', '', comparison.compared - before))
    say('\nWords compared whole in %d of %d questions (%d with words), in the others but the unspaced scripts.' % (
        comparable, len(questions), with_words))
    return comparison, done


def main():
    arguments = _arguments()
    sys.stdout.reconfigure(errors='backslashreplace')
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        for zone in ZONES:
            ZoneInfo(zone)
    except ZoneInfoNotFoundError as error:
        say('No time zones are installed here (%s): install tzdata.' % error)
        return 2
    stack = None
    try:
        if not arguments.base_url:
            stack = Stack(arguments.files, arguments.keep, arguments.build, say)
        began = time.monotonic()
        corpus = counting.read_files(arguments.files)
        a = corpus.accounting
        say('Counted %d file(s) in %.1f s: received %d = stored %d + duplicates %d + delete events %d + not posts %d'
            ' + dead letters %d; removed by deletes %d.' % (
                len(arguments.files), time.monotonic() - began, a.received, a.stored, a.duplicates, a.deletes,
                a.not_posts, a.dead_letters, a.removed))
        if corpus.reposts:
            say('  %d repost(s), %d of them without their original.' % (corpus.reposts, corpus.without_original))
        for reason, line in a.dead[:5]:
            say('  dead letter: %s: %r' % (reason, line[:80]))
        if corpus.unknown:
            say('  %d post(s) have code points that this Python (Unicode %s) does not know.' % (
                corpus.unknown, unicodedata.unidata_version))
        asked = topics.read_topics(arguments.topics) if arguments.topics else topics.draw(
            corpus.posts, arguments.seed, max(arguments.count, LEAST_TOPICS))
        if stack:
            stack.wait(1200)
        comparison, done = _run(arguments, stack, corpus, asked)
    except (Unreadable, StackError, topics.TopicError) as error:
        say('truth: %s' % error)
        return 2
    finally:
        if stack:
            stack.close()
    _report_differences(comparison)
    enough = len(done) >= (len({topic for _, topic in asked}) if arguments.topics else LEAST_TOPICS)
    if not enough:
        say('\nToo few topics could be compared.')
    say('\ntruth: %d topics, %d figures compared, %d differences' % (
        len(done), comparison.compared, len(comparison.differences)))
    return 0 if enough and not comparison.differences else 1


if __name__ == '__main__':
    sys.exit(main())
