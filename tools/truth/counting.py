"""Rules 1 to 4 and 6 of docs/counting.md: from raw records to posts that count."""
import calendar
import datetime
import re
import time

import deletes
import reading
from post_text import (
    Dead, bluesky_entities, cached_text, count_text, forget_texts, index_of, list_of, needed, object_of, string, v1_text,
    v2_text, without_prefix,
)
from unicode_rules import host

_OWN_HOSTS = {'x': ('twitter.com', 'x.com', 't.co'), 'demo': ('twitter.com', 'x.com', 't.co'), 'bluesky': ('bsky.app',)}


class Post:
    __slots__ = (
        'source', 'id', 'cid', 'created', 'lang', 'author', 'username', 'body', 'domains', 'retweet_of', 'reply_to',
        'quote_of', 'reported', 'terms', 'tags', 'retweet_of_author', 'retweet_of_created',
    )


class Accounting:
    """Rule 2. Files are imports, of which nothing is `filtered`. `removed` are the stored posts that a delete hides; they stay `stored`."""

    def __init__(self):
        self.received = self.stored = self.duplicates = self.deletes = self.not_posts = self.dead_letters = 0
        self.filtered = self.removed = 0
        self.dead = []

    def adds_up(self):
        parts = self.stored + self.duplicates + self.deletes + self.not_posts + self.dead_letters
        return self.received == parts


# ---------------------------------------------------------------- rule 4: time

_MONTHS = {m: i + 1 for i, m in enumerate('Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split())}
_V1_TIME = re.compile(r'^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) \+0000 (\d{4})$')
_ISO_TIME = re.compile(r'^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:?00)$')


_EARLIEST = calendar.timegm((2006, 1, 1, 0, 0, 0)) * 1000
_DAY = 86400000
_arrival = int(time.time() * 1000)


def _instant(parts):
    try:
        datetime.datetime(*parts)
    except ValueError as error:
        raise Dead('malformed time') from error
    return calendar.timegm(tuple(parts)) * 1000


def _possible(instant):
    if not _EARLIEST <= instant <= _arrival + _DAY:
        raise Dead('not a possible time')
    return instant


def _x_time(value, post_id):
    """Epoch milliseconds of an X post."""
    if value is not None:
        if not isinstance(value, str):
            raise Dead('malformed time')
        found = _V1_TIME.match(value)
        if found and found.group(1) in _MONTHS:
            day, hour, minute, second, year = (int(found.group(i)) for i in (2, 3, 4, 5, 6))
            return _possible(_instant((year, _MONTHS[found.group(1)], day, hour, minute, second)))
        found = _ISO_TIME.match(value)
        if found:
            parts = [int(found.group(i)) for i in range(1, 7)]
            return _possible(_instant(parts) + int((found.group(7) or '0').ljust(3, '0')[:3]))
        raise Dead('malformed time')
    if post_id.isascii() and post_id.isdigit() and int(post_id) > (1 << 22) * 10000:
        return _possible((int(post_id) >> 22) + 1288834974657)
    raise Dead('no time')


def _original_time(original):
    try:
        return _x_time(original.get('created_at'), string(original, 'id_str') or string(original, 'id') or '')
    except Dead:
        return None


# ---------------------------------------------------------------- rules 1, 3, 5, 6: records to posts

def _lang(value):
    return value.split('-')[0].lower() or 'und' if isinstance(value, str) else 'und'


def _units(texts):
    return sum(len(text.encode('utf-16-le', 'surrogatepass')) // 2 for text in texts)


def _finish(post, body):
    if len(body.text) + sum(map(len, body.urls)) > 20000:
        names = (post.username or '',) + body.hashtags + body.mentions
        if _units((body.text,) + names + body.urls) > 100000:
            raise Dead('too long')
    post.body = body
    post.terms = body.terms
    post.tags = body.tag_string
    own = _OWN_HOSTS[post.source]
    hosts = dict.fromkeys(host(link) for link in body.urls)
    post.domains = tuple(
        name for name in hosts if name and not any(name == one or name.endswith('.' + one) for one in own)
    )
    return post


def _v1_post(tweet):
    post = Post()
    post.retweet_of_author = post.retweet_of_created = None
    post.source, post.cid = 'x', ''
    post.id = needed(string(tweet, 'id_str'), 'id')
    user = object_of(tweet, 'user')
    post.author = needed(string(user, 'id_str'), 'author')
    post.username = string(user, 'screen_name')
    post.created = _x_time(tweet.get('created_at'), post.id)
    post.lang = _lang(tweet.get('lang'))
    original = tweet.get('retweeted_status')
    post.reply_to = post.quote_of = post.retweet_of = post.reported = None
    if isinstance(original, dict) and string(original, 'id_str'):
        post.retweet_of = original['id_str']
        post.retweet_of_author = string(object_of(original, 'user'), 'id_str')
        post.retweet_of_created = _original_time(original)
        post.reported = index_of(original.get('retweet_count'))
        return _finish(post, cached_text(*v1_text(original)))
    post.reply_to = string(tweet, 'in_reply_to_status_id_str')
    post.quote_of = string(tweet, 'quoted_status_id_str')
    return _finish(post, count_text(*v1_text(tweet)))


def _v2_post(data, includes):
    if not isinstance(data, dict):
        raise Dead('not an object')
    post = Post()
    post.retweet_of_author = post.retweet_of_created = None
    post.source, post.cid = 'x', ''
    post.id = needed(string(data, 'id'), 'id')
    post.author = needed(string(data, 'author_id'), 'author')
    post.created = _x_time(data.get('created_at'), post.id)
    post.username = None
    for user in list_of(includes, 'users'):
        if isinstance(user, dict) and user.get('id') == post.author:
            post.username = string(user, 'username')
            break
    post.lang = _lang(data.get('lang'))
    post.reply_to = post.quote_of = post.retweet_of = post.reported = None
    for reference in list_of(data, 'referenced_tweets'):
        kind, target = string(reference, 'type'), string(reference, 'id')
        if kind == 'retweeted':
            post.retweet_of = post.retweet_of or target
        elif kind == 'replied_to':
            post.reply_to = post.reply_to or target
        elif kind == 'quoted':
            post.quote_of = post.quote_of or target
    if post.retweet_of is None:
        return _finish(post, count_text(*v2_text(data)))
    post.reply_to = post.quote_of = None
    for original in list_of(includes, 'tweets'):
        if isinstance(original, dict) and original.get('id') == post.retweet_of:
            post.reported = index_of(object_of(original, 'public_metrics').get('retweet_count'))
            post.retweet_of_author = string(original, 'author_id')
            post.retweet_of_created = _original_time(original)
            return _finish(post, cached_text(*v2_text(original)))
    post.reported = index_of(object_of(data, 'public_metrics').get('retweet_count'))
    return _finish(post, cached_text(*without_prefix(*v2_text(data))))


def _is_bluesky_post(uri):
    parts = uri.split('/') if uri else []
    return len(parts) == 5 and parts[0] == 'at:' and parts[3] == 'app.bsky.feed.post'


def _is_jetstream_frame(value):
    """Whether this is a frame of Jetstream v2: an event of v1 is not wrapped."""
    kind = value.get('$type')
    return (kind == 'message' and 'payload' in value) or (kind == 'error' and 'error' in value)


def _event_of_frame(payload):
    """The event of a v2 frame as v1 writes it; None where the frame holds none."""
    prefix, kind = 'network.bsky.jetstream.subscribeEvents#', payload.get('$type')
    if not isinstance(kind, str) or kind not in (prefix + 'commit', prefix + 'identity', prefix + 'account'):
        return None
    kind = kind[len(prefix):]
    inner = payload if kind == 'commit' else payload.get(kind)
    return {'did': payload.get('did'), 'time_us': _microseconds(payload.get('time')), 'kind': kind, kind: inner}


def _microseconds(value):
    found = _ISO_TIME.match(value) if isinstance(value, str) else None
    if not found:
        return None
    try:
        seconds = _instant([int(found.group(i)) for i in range(1, 7)])
    except Dead:
        return None
    return seconds * 1000 + int((found.group(7) or '0').ljust(6, '0')[:6])


def _bluesky_post(event, commit, uri):
    record = commit.get('record')
    if not isinstance(record, dict):
        raise Dead('no record')
    post = Post()
    post.retweet_of_author = post.retweet_of_created = None
    post.source, post.id, post.author, post.username = 'bluesky', uri, event['did'], None
    post.cid = string(commit, 'cid') or ''
    time_us = event.get('time_us')
    if type(time_us) is not int:
        raise Dead('no time')
    post.created = _possible(time_us // 1000)
    langs = list_of(record, 'langs')
    post.lang = _lang(langs[0] if langs else None)
    embed = object_of(record, 'embed')
    quoted = string(object_of(embed, 'record'), 'uri') or string(object_of(object_of(embed, 'record'), 'record'), 'uri')
    post.retweet_of = post.reported = None
    post.reply_to = string(object_of(object_of(record, 'reply'), 'parent'), 'uri')
    post.quote_of = quoted if _is_bluesky_post(quoted) else None
    text = record.get('text')
    if not isinstance(text, str):
        raise Dead('no text')
    entities, links = bluesky_entities(record, text)
    external = string(object_of(embed, 'external'), 'uri')
    if external:
        links += (external,)
    extra = [tag for tag in list_of(record, 'tags') if isinstance(tag, str)]
    return _finish(post, count_text(text, entities, links, extra, is_x=False))


# ---------------------------------------------------------------- rule 5: reposts and their originals

AT_HAND = 500000
LONGEST_AT_HAND = 10000
_POST, _REPOST = 'app.bsky.feed.post', 'app.bsky.feed.repost'
_POST_URI = re.compile(r'^at://(did:[a-z0-9]+:[A-Za-z0-9._:%-]+)/app\.bsky\.feed\.post/[A-Za-z0-9._:~-]{1,512}\Z')


class Recent:
    """The rows of posts that reposts may take their text from, in the order in which they were stored."""

    def __init__(self, at_hand=AT_HAND):
        self._at_hand = at_hand
        self._rows = 0
        self._last = {}

    def stored(self, post):
        self._rows += 1
        self._last[post.id] = (self._rows, post)

    def removed(self, event):
        """A delete or an author event: what it takes away is not at hand any more."""
        if event.source != 'bluesky' or event.withheld or not event.hidden:
            return
        if event.kind == 'delete':
            self._last.pop(event.key, None)
        elif event.kind == 'author':
            start = 'at://%s/' % event.key
            for uri in [uri for uri in self._last if uri.startswith(start)]:
                del self._last[uri]

    def find(self, uri):
        row, post = self._last.get(uri, (0, None))
        if post is None or row + self._at_hand <= self._rows:
            return None
        body = post.body
        names = (post.username or '',) + body.hashtags + body.mentions
        return None if _units((body.text,) + names + body.urls) > LONGEST_AT_HAND else post


def _bluesky_repost(event, commit, uri, recent):
    """(the repost, whether its original is at hand), or None for a repost of something that is not a post."""
    record = commit.get('record')
    if not isinstance(record, dict):
        raise Dead('no record')
    post = Post()
    post.source, post.id, post.author, post.username = 'bluesky', uri, event['did'], None
    post.cid = string(commit, 'cid') or ''
    time_us = event.get('time_us')
    if type(time_us) is not int:
        raise Dead('no time')
    post.created = _possible(time_us // 1000)
    subject = object_of(record, 'subject').get('uri')
    if not isinstance(subject, str):
        raise Dead('no subject')
    if not _POST_URI.match(subject):
        return None
    post.retweet_of, post.retweet_of_author, post.retweet_of_created = subject, subject.split('/')[2], None
    post.reply_to = post.quote_of = post.reported = None
    original = recent.find(subject)
    if original is None:
        post.lang = 'und'
        return _finish(post, count_text('', (), (), is_x=False)), False
    post.lang, post.body, post.terms, post.tags = original.lang, original.body, original.terms, original.tags
    post.domains, post.retweet_of_created = original.domains, original.created
    return post, True


class Corpus:
    """All records of the files, counted: `posts` are the ones that no delete or update hides, by time."""

    def __init__(self):
        self.accounting = Accounting()
        self.posts = []
        self.unknown = 0
        self.reposts = self.without_original = 0
        self._recent = Recent()
        self._x = {}
        self._bluesky = {}
        self._hiding = deletes.Hiding()
        self._updated = {}
        self.least = self.greatest = None

    def read(self, path):
        try:
            self._read(path)
        except reading.Damaged as error:
            self._dead(b'', str(error))

    def _read(self, path):
        for line in reading.lines(path):
            try:
                value = reading.parse(line)
            except ValueError as error:
                self._dead(line, str(error))
                continue
            if not isinstance(value, dict):
                self._dead(line, 'not an object')
            elif 'delete' in value:
                self._record(line, self._x_delete, value)
            elif 'kind' in value and 'did' in value:
                self._record(line, self._jetstream, value)
            elif _is_jetstream_frame(value):
                self._record(line, self._jetstream_frame, value)
            elif deletes.compliance(value) is not None:
                self._record(line, self._compliance, deletes.compliance(value))
            elif deletes.is_batch(value):
                self._record(line, lambda: self._events(deletes.read_batch(value, _arrival)))
            elif 'data' in value or 'errors' in value or 'meta' in value:
                self._v2(line, value)
            elif 'id_str' in value and ('text' in value or 'full_text' in value):
                self._record(line, self._v1, value)
            else:
                self._not_post()

    def _record(self, line, handle, *values):
        try:
            handle(*values)
        except Dead as reason:
            self._dead(line, str(reason))

    def _dead(self, line, reason):
        self.accounting.received += 1
        self.accounting.dead_letters += 1
        self.accounting.dead.append((reason, line[:200]))

    def _not_post(self):
        self.accounting.received += 1
        self.accounting.not_posts += 1

    def _events(self, events):
        if not events:
            self._not_post()
            return
        self.accounting.received += 1
        self.accounting.deletes += 1
        for event in events:
            self._hiding.add(event)
            self._recent.removed(event)

    def _x_delete(self, value):
        if not isinstance(value['delete'], dict):
            raise Dead('no delete')
        self._compliance(value)

    def _compliance(self, value):
        self._events(deletes.read_compliance(value, _arrival))

    def _v1(self, tweet):
        self._store(self._x, string(tweet, 'id_str'), lambda: _v1_post(tweet))

    def _v2(self, line, value):
        data, includes = value.get('data'), object_of(value, 'includes')
        items = data if isinstance(data, list) else [data] if data is not None else []
        if not items:
            self._not_post()
        for item in items:
            self._record(
                line, lambda: self._store(self._x, string(item, 'id'), lambda: _v2_post(item, includes))
            )

    def _store(self, table, key, make):
        post = make()
        self.accounting.received += 1
        if key in table:
            self.accounting.duplicates += 1
            return
        table[key] = post
        self.accounting.stored += 1
        self._span(post)

    def _span(self, post):
        self.least = post.created if self.least is None else min(self.least, post.created)
        self.greatest = post.created if self.greatest is None else max(self.greatest, post.created)

    def _jetstream_frame(self, frame):
        event = _event_of_frame(object_of(frame, 'payload'))
        if event is None:
            self._not_post()
        else:
            self._jetstream(event)

    def _jetstream(self, event):
        if event.get('kind') == 'account':
            self._events(deletes.read_account(event, _arrival))
            return
        commit = event.get('commit')
        if event.get('kind') == 'commit' and not isinstance(commit, dict):
            raise Dead('no commit')
        if event.get('kind') != 'commit' or commit.get('collection') not in (_POST, _REPOST):
            self._not_post()
            return
        operation = commit.get('operation')
        if operation not in ('create', 'update', 'delete'):
            self._not_post()
            return
        did, rkey = needed(string(event, 'did'), 'author'), needed(string(commit, 'rkey'), 'id')
        collection = commit['collection']
        uri = 'at://%s/%s/%s' % (did, collection, rkey)
        if operation == 'delete':
            self._events([deletes.Event('delete', 'bluesky', uri)])
            return
        if collection == _POST:
            post, has_original = _bluesky_post(event, commit, uri), True
        else:
            found = _bluesky_repost(event, commit, uri, self._recent)
            if found is None:
                self._not_post()
                return
            post, has_original = found
        self.accounting.received += 1
        versions = self._bluesky.setdefault(uri, {})
        if post.cid in versions:
            self.accounting.duplicates += 1
            return
        versions[post.cid] = post
        self.accounting.stored += 1
        if collection == _POST:
            self._recent.stored(post)
        else:
            self.reposts += 1
            self.without_original += not has_original
        self._span(post)
        if operation == 'update':
            self._updated[uri] = max(self._updated.get(uri, post.created), post.created)

    def finish(self):
        """What deletes and updates hide goes out; in time order."""
        stored = [*self._x.values(), *(post for versions in self._bluesky.values() for post in versions.values())]
        shown = [post for post in stored if not self._hiding.hides(post)]
        self.accounting.removed += len(stored) - len(shown)
        # Rule 14: which of the versions that no tombstone hides is the winner, is decided among those that match.
        kept = [post for post in shown if post.created >= self._updated.get(post.id, post.created)]
        kept.sort(key=lambda post: (post.created, post.id, post.source))
        self.posts = kept
        self.unknown = sum(1 for post in kept if post.body.unknown)
        forget_texts()
        return self


def winners(posts):
    """Rule 3: of each id the version that wins, in the order given."""
    best = {}
    for post in posts:
        if post.cid:
            other = best.get(post.id)
            if other is None or (post.created, post.cid) > (other.created, other.cid):
                best[post.id] = post
    return [post for post in posts if not post.cid or best[post.id] is post]


def read_files(paths):
    corpus = Corpus()
    for path in paths:
        corpus.read(path)
    return corpus.finish()
