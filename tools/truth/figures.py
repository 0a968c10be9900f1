"""Rules 14 to 18: the figures of one topic over one interval, and volume by buckets and hours."""
import bisect
import datetime
import json
from collections import Counter
from zoneinfo import ZoneInfo

TOP = 20
_MINUTE = 60000
_HOUR = 60 * _MINUTE
_UTC = datetime.timezone.utc
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=_UTC)

SIZES = {
    'MINUTES_5': 5 * _MINUTE, 'MINUTES_15': 15 * _MINUTE, 'MINUTES_30': 30 * _MINUTE, 'HOUR_1': _HOUR,
    'HOURS_3': 3 * _HOUR, 'HOURS_6': 6 * _HOUR, 'DAY_1': 24 * _HOUR, 'WEEK_1': 168 * _HOUR, 'MONTH_1': 744 * _HOUR,
}


def instant(moment):
    """Epoch milliseconds of an aware datetime."""
    return (moment - _EPOCH) // datetime.timedelta(milliseconds=1)


def load_stop_words(path):
    with open(path, encoding='utf-8') as file:
        return {lang: frozenset(words) for lang, words in json.load(file).items()}


class Times:
    """Posts in time order, to cut intervals quickly."""

    def __init__(self, posts):
        self.posts = posts
        self.times = [post.created for post in posts]

    def between(self, start, end):
        """Rule 18: [start, end)."""
        return self.posts[bisect.bisect_left(self.times, start):bisect.bisect_left(self.times, end)]


class Ranked:
    """Rule 15: one top list. `items` gives (key, label) once for each use in a post; a key without any label has
    `fallback(key)` for one."""

    def __init__(self, posts, items, fallback=None):
        uses, with_post, authors, labels = Counter(), Counter(), {}, {}
        self.posts_with = 0
        for post in posts:
            found = items(post)
            if not found:
                continue
            self.posts_with += 1
            who = (post.source, post.author)
            keys = set()
            for key, label in found:
                uses[key] += 1
                keys.add(key)
                if key not in labels:
                    labels[key] = Counter()
                    authors[key] = set()
                if label is not None:
                    labels[key][label] += 1
            for key in keys:
                with_post[key] += 1
                authors[key].add(who)
        self.distinct = len(with_post)
        ranked = sorted(with_post, key=lambda key: (-with_post[key], key))
        self.entries = [
            {
                'key': key,
                'label': min(labels[key], key=lambda one: (-labels[key][one], one)) if labels[key] else fallback(key),
                'posts': with_post[key], 'uses': uses[key], 'authors': len(authors[key]),
            }
            for key in ranked
        ]


class Figures:
    """Everything that is compared for one topic, interval and pair of switches."""

    def __init__(self, matched, stop_words, include_stop_words=False, include_retweet_words=False):
        self.matched = matched
        self.posts = len(matched)
        self.retweets = sum(1 for post in matched if post.retweet_of)
        self.replies = sum(1 for post in matched if post.reply_to)
        self.quotes = sum(1 for post in matched if post.quote_of)
        self.authors = len({(post.source, post.author) for post in matched})
        self.unknown = sum(1 for post in matched if post.body.unknown)
        none = frozenset()

        def word_list(post):
            if post.retweet_of and not include_retweet_words:
                return ()
            stop = none if include_stop_words else stop_words.get(post.lang, none)
            return [(word, word) for word in post.body.words if word not in stop]

        self.unspaced = sum(
            1 for post in matched if post.body.unspaced and (include_retweet_words or not post.retweet_of)
        )
        self.top_words = Ranked(matched, word_list)
        self.words = sum(len(word_list(post)) for post in matched)
        self.top_hashtags = Ranked(matched, lambda post: list(zip(post.body.tags, post.body.hashtags)))
        self.top_mentions = Ranked(matched, lambda post: [(name, name) for name in post.body.mentions])
        self.top_domains = Ranked(matched, lambda post: [(name, name) for name in post.domains])
        self.top_authors = Ranked(
            matched, lambda post: [((post.author, post.source), post.username)], fallback=lambda key: key[0]
        )

    def newest(self, limit):
        """Rule 16."""
        by_source = sorted(self.matched, key=lambda post: post.source)
        by_id = sorted(by_source, key=lambda post: post.id, reverse=True)
        return sorted(by_id, key=lambda post: -post.created)[:limit]

    def most_retweeted(self):
        """[(id of the original, source, captured retweets, greatest reported retweet count)]"""
        counts, reported = Counter(), {}
        for post in self.matched:
            if post.retweet_of:
                key = (post.retweet_of, post.source)
                counts[key] += 1
                if post.reported is not None:
                    reported[key] = max(post.reported, reported.get(key, 0))
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return [(key[0], key[1], n, reported.get(key)) for key, n in ranked]


# ---------------------------------------------------------------- rule 17

def _offset(zone, instant):
    return int(zone.utcoffset((_EPOCH + datetime.timedelta(milliseconds=instant)).astimezone(zone)).total_seconds()) * 1000


def _local_midnight(zone, day):
    moment = datetime.datetime(day.year, day.month, day.day, tzinfo=zone)
    return instant(moment.astimezone(_UTC))


def _local_day(zone, instant):
    return (_EPOCH + datetime.timedelta(milliseconds=instant)).astimezone(zone).date()


def _next_start(zone, day, size):
    if size == 'DAY_1':
        return day + datetime.timedelta(days=1)
    if size == 'WEEK_1':
        return day + datetime.timedelta(days=7)
    return datetime.date(day.year + day.month // 12, day.month % 12 + 1, 1)


def bucket_edges(start, end, zone_name, size):
    """Edges of the buckets that cover [start, end), cut to it; None where a clock change makes the hours a matter of
    taste (buckets of more than an hour, less than a day, on a day that is not 24 hours long)."""
    zone = ZoneInfo(zone_name)
    edges = [start]
    if size in ('DAY_1', 'WEEK_1', 'MONTH_1'):
        day = _local_day(zone, start)
        if size == 'WEEK_1':
            day -= datetime.timedelta(days=day.weekday())
        elif size == 'MONTH_1':
            day = day.replace(day=1)
        while True:
            day = _next_start(zone, day, size)
            edge = _local_midnight(zone, day)
            if edge >= end:
                break
            if edge > start:
                edges.append(edge)
        return edges + [end]
    step = SIZES[size]
    if _offset(zone, start) != _offset(zone, end) and step > _HOUR:
        return None
    at = start
    while True:
        offset = _offset(zone, at)
        at = (at + offset) // step * step + step - offset
        if at >= end:
            return edges + [end]
        edges.append(at)


def volume(matched, edges):
    """[[from, to, posts, retweets, replies, quotes]]"""
    out = [[low, high, 0, 0, 0, 0] for low, high in zip(edges, edges[1:])]
    for post in matched:
        row = out[bisect.bisect_right(edges, post.created) - 1]
        row[2] += 1
        row[3] += 1 if post.retweet_of else 0
        row[4] += 1 if post.reply_to else 0
        row[5] += 1 if post.quote_of else 0
    return out


def _quarter(zone, instant):
    local = (_EPOCH + datetime.timedelta(milliseconds=instant)).astimezone(zone)
    return local.weekday(), local.hour


def peak_hours(matched, zone_name):
    zone = ZoneInfo(zone_name)
    table = [[0] * 24 for _ in range(7)]
    known = {}
    for post in matched:
        quarter = post.created // (15 * _MINUTE)
        if quarter not in known:
            known[quarter] = _quarter(zone, quarter * 15 * _MINUTE)
        weekday, hour = known[quarter]
        table[weekday][hour] += 1
    return table


_covered = {}


def covered_hours(start, end, zone_name):
    """Hours of [start, end) by weekday and hour of the zone."""
    key = (start, end, zone_name)
    if key not in _covered:
        zone = ZoneInfo(zone_name)
        table = [[0] * 24 for _ in range(7)]
        at = start
        step = 15 * _MINUTE
        while at < end:
            until = min(at // step * step + step, end)
            weekday, hour = _quarter(zone, at)
            table[weekday][hour] += until - at
            at = until
        _covered[key] = [[ms / _HOUR for ms in row] for row in table]
    return _covered[key]
