"""Rules 1 to 6, 11, 12 and 24 of docs/counting.md: from raw records to posts that count."""
import calendar
import datetime
import re
import time

import reading
import twitter_text
from unicode_rules import (
    MENTION_NAME, UNKNOWN, fold, fold_tag, host, links_and_rest, nfc, tokens, unassigned, unescape, words,
)

_OWN_HOSTS = {'x': ('twitter.com', 'x.com', 't.co'), 'demo': ('twitter.com', 'x.com', 't.co'), 'bluesky': ('bsky.app',)}
_RETWEET_PREFIX = re.compile(r'^RT @[A-Za-z0-9_]{1,15}: ')


class Text:
    """What a text counts for; shared by a post and its retweets."""

    __slots__ = ('text', 'hashtags', 'tags', 'tag_string', 'terms', 'mentions', 'words', 'unspaced', 'unknown', 'urls')


class Post:
    __slots__ = (
        'source', 'id', 'cid', 'created', 'lang', 'author', 'username', 'body', 'domains', 'retweet_of', 'reply_to',
        'quote_of', 'reported', 'terms', 'tags',
    )


class Accounting:
    """Rule 2. `removed` are the stored posts that a delete hides; they stay `stored`."""

    def __init__(self):
        self.received = self.stored = self.duplicates = self.deletes = self.not_posts = self.dead_letters = 0
        self.removed = 0
        self.dead = []

    def adds_up(self):
        parts = self.stored + self.duplicates + self.deletes + self.not_posts + self.dead_letters
        return self.received == parts


class _Dead(Exception):
    """A record that is a dead letter."""


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
        raise _Dead('malformed time') from error
    return calendar.timegm(tuple(parts)) * 1000


def _possible(instant):
    if not _EARLIEST <= instant <= _arrival + _DAY:
        raise _Dead('not a possible time')
    return instant


def _x_time(value, post_id):
    """Epoch milliseconds of an X post."""
    if value is not None:
        if not isinstance(value, str):
            raise _Dead('malformed time')
        found = _V1_TIME.match(value)
        if found and found.group(1) in _MONTHS:
            day, hour, minute, second, year = (int(found.group(i)) for i in (2, 3, 4, 5, 6))
            return _possible(_instant((year, _MONTHS[found.group(1)], day, hour, minute, second)))
        found = _ISO_TIME.match(value)
        if found:
            parts = [int(found.group(i)) for i in range(1, 7)]
            return _possible(_instant(parts) + int((found.group(7) or '0').ljust(3, '0')[:3]))
        raise _Dead('malformed time')
    if post_id.isascii() and post_id.isdigit() and int(post_id) > (1 << 22) * 10000:
        return _possible((int(post_id) >> 22) + 1288834974657)
    raise _Dead('no time')


# ---------------------------------------------------------------- small readers of JSON

def _string(holder, key):
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if isinstance(value, str) and value else None


def _object(holder, key):
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if isinstance(value, dict) else {}


def _list(holder, key):
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if isinstance(value, list) else []


def _index(value):
    return value if type(value) is int else None


def _needed(value, what):
    if value is None:
        raise _Dead('no ' + what)
    return value


# ---------------------------------------------------------------- rule 5 and 11: text and entities
# An entity is (start, end, kind, name): kind '#' or '@', code points of the text as delivered; a span that is not
# usable has None. `name` is the platform's own word for it.

def _x_entities(entities):
    """The entities of an X object, v1.1 or v2, or None where the key is absent."""
    if not isinstance(entities, dict):
        return None
    out = []
    for key, kind in (('hashtags', '#'), ('user_mentions', '@'), ('mentions', '@')):
        for item in _list(entities, key):
            if not isinstance(item, dict):
                continue
            if isinstance(item.get('indices'), list) and len(item['indices']) == 2:
                start, end = item['indices']
            else:
                start, end = item.get('start'), item.get('end')
            name = (_string(item, 'text') or _string(item, 'tag')) if kind == '#' else None
            out.append((_index(start), _index(end), kind, name))
    return tuple(out)


def _x_links(entities):
    out = []
    for item in _list(entities, 'urls'):
        link = _string(item, 'unwound_url') or _string(item, 'expanded_url')
        if link:
            out.append(link)
    return tuple(out)


def _v1_text(tweet):
    """(text, entities or None, links)"""
    extended = _object(tweet, 'extended_tweet')
    for holder, key in ((extended, 'full_text'), (tweet, 'full_text'), (tweet, 'text')):
        if isinstance(holder.get(key), str):
            return holder[key], _x_entities(holder.get('entities')), _x_links(holder.get('entities'))
    raise _Dead('no text')


def _v2_text(post):
    note = _object(post, 'note_tweet')
    for holder in (note, post):
        if isinstance(holder.get('text'), str):
            return holder['text'], _x_entities(holder.get('entities')), _x_links(holder.get('entities'))
    raise _Dead('no text')


def _without_prefix(text, entities, links):
    """Rule 5: a retweet whose original is not at hand."""
    found = _RETWEET_PREFIX.match(text)
    if not found:
        return text, entities, links
    cut = found.end()
    if entities is not None:
        entities = tuple(
            (None if start is None else start - cut, None if end is None else end - cut, kind, name)
            for start, end, kind, name in entities
            if start is None or start >= cut
        )
    return text[cut:], entities, links


def _bluesky_entities(record, text):
    """(entities or None, links) of the facets, byte offsets turned into code points."""
    if 'facets' not in record:
        return None, ()
    points, at = {}, 0
    for number, char in enumerate(text):
        points[at] = number
        at += len(char.encode('utf-8', 'surrogatepass'))
    points[at] = len(text)
    out, links = [], []
    for facet in _list(record, 'facets'):
        index = _object(facet, 'index')
        start, end = _index(index.get('byteStart')), _index(index.get('byteEnd'))
        start, end = points.get(start), points.get(end)
        for feature in _list(facet, 'features'):
            kind = _string(feature, '$type')
            if kind == 'app.bsky.richtext.facet#tag':
                out.append((start, end, '#', None))
            elif kind == 'app.bsky.richtext.facet#mention':
                out.append((start, end, '@', None))
            elif kind == 'app.bsky.richtext.facet#link' and _string(feature, 'uri'):
                links.append(feature['uri'])
    return tuple(out), tuple(links)


_SIGNS = {'#': '#＃', '@': '@＠'}


def _usable(text, start, end, kind, free):
    if start is None or end is None or start < free or end > len(text) or end - start < 2:
        return False
    if text[start] not in _SIGNS[kind]:
        return False
    return kind == '#' or MENTION_NAME.fullmatch(text, start + 1, end) is not None


def count_text(text, entities, platform_links, extra_tags=(), is_x=True):
    """Rules 8 to 12 for one text."""
    escaped = is_x
    if entities is None:
        if is_x:
            text, escaped = unescape(text), False
        entities = [(start, end, kind, None) for start, end, kind in twitter_text.extract(text)]
    else:
        # Stable: hashtags are listed first, so they come first on a tie.
        far = len(text) + 1
        entities = sorted(entities, key=lambda entity: (far if entity[0] is None else entity[0], entity[2] != '#'))
    pieces, tag_names, at = [], [], 0
    for start, end, kind, name in entities:
        if _usable(text, start, end, kind, at):
            if start > at:
                pieces.append(('', text[at:start]))
            pieces.append((kind, text[start + 1:end]))
            if kind == '#':
                tag_names.append(text[start + 1:end])
            at = end
        elif kind == '#' and is_x and name:
            tag_names.append(name)
    if at < len(text):
        pieces.append(('', text[at:]))

    out = Text()
    terms, found_words, mentions, links = [], [], [], []
    out.unspaced = False
    for kind, piece in pieces:
        if kind == '@':
            terms.append('@' + fold_tag(piece))
            mentions.append(nfc(piece.lower()))
            continue
        if kind == '':
            if escaped:
                piece = unescape(piece)
            some, piece = links_and_rest(piece)
            links.extend(some)
        terms.extend(tokens(fold(piece)))
        some_words, unspaced = words(piece)
        found_words.extend(some_words)
        out.unspaced = out.unspaced or unspaced
    tag_names.extend(extra_tags)
    pairs = [(nfc(name), fold_tag(name)) for name in tag_names]
    pairs = [pair for pair in pairs if pair[1]]
    out.hashtags = tuple(pair[0] for pair in pairs)
    out.tags = tuple(pair[1] for pair in pairs)
    out.tag_string = ' %s ' % ' '.join(out.tags) if pairs else ' '
    out.terms = ' %s ' % ' '.join(terms) if terms else ' '
    out.mentions = tuple(mentions)
    out.words = tuple(found_words)
    out.urls = tuple(dict.fromkeys(platform_links or links))
    out.text = nfc(unescape(text) if escaped else text)
    out.unknown = not text.isascii() and UNKNOWN.search(text) is not None
    out.unknown = out.unknown or any(unassigned(name) for name in tag_names)
    return out


_cache = {}


def _cached_text(text, entities, links):
    """Retweets of one post have one text: count it once."""
    key = (text, entities, links)
    body = _cache.get(key)
    if body is None:
        body = _cache[key] = count_text(text, entities, links)
    return body


# ---------------------------------------------------------------- rules 1, 3, 5, 6: records to posts

def _lang(value):
    return value.split('-')[0].lower() or 'und' if isinstance(value, str) else 'und'


def _units(texts):
    return sum(len(text.encode('utf-16-le', 'surrogatepass')) // 2 for text in texts)


def _finish(post, body):
    if len(body.text) + sum(map(len, body.urls)) > 20000:
        names = (post.username or '',) + body.hashtags + body.mentions
        if _units((body.text,) + names + body.urls) > 100000:
            raise _Dead('too long')
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
    post.source, post.cid = 'x', ''
    post.id = _needed(_string(tweet, 'id_str'), 'id')
    user = _object(tweet, 'user')
    post.author = _needed(_string(user, 'id_str'), 'author')
    post.username = _string(user, 'screen_name')
    post.created = _x_time(tweet.get('created_at'), post.id)
    post.lang = _lang(tweet.get('lang'))
    original = tweet.get('retweeted_status')
    post.reply_to = post.quote_of = post.retweet_of = post.reported = None
    if isinstance(original, dict) and _string(original, 'id_str'):
        post.retweet_of = original['id_str']
        post.reported = _index(original.get('retweet_count'))
        return _finish(post, _cached_text(*_v1_text(original)))
    post.reply_to = _string(tweet, 'in_reply_to_status_id_str')
    post.quote_of = _string(tweet, 'quoted_status_id_str')
    return _finish(post, count_text(*_v1_text(tweet)))


def _v2_post(data, includes):
    if not isinstance(data, dict):
        raise _Dead('not an object')
    post = Post()
    post.source, post.cid = 'x', ''
    post.id = _needed(_string(data, 'id'), 'id')
    post.author = _needed(_string(data, 'author_id'), 'author')
    post.created = _x_time(data.get('created_at'), post.id)
    post.username = None
    for user in _list(includes, 'users'):
        if isinstance(user, dict) and user.get('id') == post.author:
            post.username = _string(user, 'username')
            break
    post.lang = _lang(data.get('lang'))
    post.reply_to = post.quote_of = post.retweet_of = post.reported = None
    for reference in _list(data, 'referenced_tweets'):
        kind, target = _string(reference, 'type'), _string(reference, 'id')
        if kind == 'retweeted':
            post.retweet_of = post.retweet_of or target
        elif kind == 'replied_to':
            post.reply_to = post.reply_to or target
        elif kind == 'quoted':
            post.quote_of = post.quote_of or target
    if post.retweet_of is None:
        return _finish(post, count_text(*_v2_text(data)))
    post.reply_to = post.quote_of = None
    for original in _list(includes, 'tweets'):
        if isinstance(original, dict) and original.get('id') == post.retweet_of:
            post.reported = _index(_object(original, 'public_metrics').get('retweet_count'))
            return _finish(post, _cached_text(*_v2_text(original)))
    post.reported = _index(_object(data, 'public_metrics').get('retweet_count'))
    return _finish(post, _cached_text(*_without_prefix(*_v2_text(data))))


def _is_bluesky_post(uri):
    parts = uri.split('/') if uri else []
    return len(parts) == 5 and parts[0] == 'at:' and parts[3] == 'app.bsky.feed.post'


def _bluesky_post(event, commit, uri):
    record = commit.get('record')
    if not isinstance(record, dict):
        raise _Dead('no record')
    post = Post()
    post.source, post.id, post.author, post.username = 'bluesky', uri, event['did'], None
    post.cid = _string(commit, 'cid') or ''
    time_us = event.get('time_us')
    if type(time_us) is not int:
        raise _Dead('no time')
    post.created = _possible(time_us // 1000)
    langs = _list(record, 'langs')
    post.lang = _lang(langs[0] if langs else None)
    embed = _object(record, 'embed')
    quoted = _string(_object(embed, 'record'), 'uri') or _string(_object(_object(embed, 'record'), 'record'), 'uri')
    post.retweet_of = post.reported = None
    post.reply_to = _string(_object(_object(record, 'reply'), 'parent'), 'uri')
    post.quote_of = quoted if _is_bluesky_post(quoted) else None
    text = record.get('text')
    if not isinstance(text, str):
        raise _Dead('no text')
    entities, links = _bluesky_entities(record, text)
    external = _string(_object(embed, 'external'), 'uri')
    if external:
        links += (external,)
    extra = [tag for tag in _list(record, 'tags') if isinstance(tag, str)]
    return _finish(post, count_text(text, entities, links, extra, is_x=False))


class Corpus:
    """All records of the files, counted: `posts` are the ones that no delete or update hides, by time."""

    def __init__(self):
        self.accounting = Accounting()
        self.posts = []
        self.unknown = 0
        self._x = {}
        self._bluesky = {}
        self._deleted = set()
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
            elif 'data' in value or 'errors' in value or 'meta' in value:
                self._v2(line, value)
            elif 'id_str' in value and ('text' in value or 'full_text' in value):
                self._record(line, self._v1, value)
            else:
                self._not_post()

    def _record(self, line, handle, *values):
        try:
            handle(*values)
        except _Dead as reason:
            self._dead(line, str(reason))

    def _dead(self, line, reason):
        self.accounting.received += 1
        self.accounting.dead_letters += 1
        self.accounting.dead.append((reason, line[:200]))

    def _not_post(self):
        self.accounting.received += 1
        self.accounting.not_posts += 1

    def _delete(self, source, post_id):
        self.accounting.received += 1
        self.accounting.deletes += 1
        self._deleted.add((source, post_id))

    def _x_delete(self, value):
        inner = _object(value, 'delete')
        self._delete('x', _needed(_string(_object(inner, 'status'), 'id_str'), 'id'))

    def _v1(self, tweet):
        self._store(self._x, _string(tweet, 'id_str'), lambda: _v1_post(tweet))

    def _v2(self, line, value):
        data, includes = value.get('data'), _object(value, 'includes')
        items = data if isinstance(data, list) else [data] if data is not None else []
        if not items:
            self._not_post()
        for item in items:
            self._record(
                line, lambda: self._store(self._x, _string(item, 'id'), lambda: _v2_post(item, includes))
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

    def _jetstream(self, event):
        commit = event.get('commit')
        if event.get('kind') == 'commit' and not isinstance(commit, dict):
            raise _Dead('no commit')
        if event.get('kind') != 'commit' or commit.get('collection') != 'app.bsky.feed.post':
            self._not_post()
            return
        operation = commit.get('operation')
        if operation not in ('create', 'update', 'delete'):
            self._not_post()
            return
        did, rkey = _needed(_string(event, 'did'), 'author'), _needed(_string(commit, 'rkey'), 'id')
        uri = 'at://%s/app.bsky.feed.post/%s' % (did, rkey)
        if operation == 'delete':
            self._delete('bluesky', uri)
            return
        post = _bluesky_post(event, commit, uri)
        self.accounting.received += 1
        versions = self._bluesky.setdefault(uri, {})
        if post.cid in versions:
            self.accounting.duplicates += 1
            return
        versions[post.cid] = post
        self.accounting.stored += 1
        self._span(post)
        if operation == 'update':
            self._updated[uri] = max(self._updated.get(uri, post.created), post.created)

    def finish(self):
        """What deletes and updates hide goes out; in time order."""
        kept = [post for key, post in self._x.items() if ('x', key) not in self._deleted]
        self.accounting.removed += len(self._x) - len(kept)
        for uri, versions in self._bluesky.items():
            if ('bluesky', uri) in self._deleted:
                self.accounting.removed += len(versions)
                continue
            # Rule 14: which of the versions that no tombstone hides is the winner, is decided among those that match.
            kept += [p for p in versions.values() if p.created >= self._updated.get(uri, p.created)]
        kept.sort(key=lambda post: (post.created, post.id, post.source))
        self.posts = kept
        self.unknown = sum(1 for post in kept if post.body.unknown)
        _cache.clear()
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
