"""Rules 5, 8, 11 and 12 of docs/counting.md: the text of a record, its entities, and what they count for."""
import re

import twitter_text
from unicode_rules import (
    MENTION_NAME, UNKNOWN, fold, fold_tag, links_and_rest, nfc, tokens, unassigned, unescape, words,
)

_RETWEET_PREFIX = re.compile(r'^RT @[A-Za-z0-9_]{1,15}: ')


class Text:
    """What a text counts for; shared by a post and its retweets."""

    __slots__ = ('text', 'hashtags', 'tags', 'tag_string', 'terms', 'mentions', 'words', 'unspaced', 'unknown', 'urls')


class Dead(Exception):
    """A record that is a dead letter."""


# ---------------------------------------------------------------- small readers of JSON

def string(holder, key):
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if isinstance(value, str) and value else None


def object_of(holder, key):
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if isinstance(value, dict) else {}


def list_of(holder, key):
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if isinstance(value, list) else []


def index_of(value):
    return value if type(value) is int else None


def needed(value, what):
    if value is None:
        raise Dead('no ' + what)
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
        for item in list_of(entities, key):
            if not isinstance(item, dict):
                continue
            if isinstance(item.get('indices'), list) and len(item['indices']) == 2:
                start, end = item['indices']
            else:
                start, end = item.get('start'), item.get('end')
            name = (string(item, 'text') or string(item, 'tag')) if kind == '#' else None
            out.append((index_of(start), index_of(end), kind, name))
    return tuple(out)


def _x_links(entities):
    out = []
    for item in list_of(entities, 'urls'):
        link = string(item, 'unwound_url') or string(item, 'expanded_url')
        if link:
            out.append(link)
    return tuple(out)


def v1_text(tweet):
    """(text, entities or None, links)"""
    extended = object_of(tweet, 'extended_tweet')
    for holder, key in ((extended, 'full_text'), (tweet, 'full_text'), (tweet, 'text')):
        if isinstance(holder.get(key), str):
            return holder[key], _x_entities(holder.get('entities')), _x_links(holder.get('entities'))
    raise Dead('no text')


def v2_text(post):
    note = object_of(post, 'note_tweet')
    for holder in (note, post):
        if isinstance(holder.get('text'), str):
            return holder['text'], _x_entities(holder.get('entities')), _x_links(holder.get('entities'))
    raise Dead('no text')


def without_prefix(text, entities, links):
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


def bluesky_entities(record, text):
    """(entities or None, links) of the facets, byte offsets turned into code points."""
    if 'facets' not in record:
        return None, ()
    points, at = {}, 0
    for number, char in enumerate(text):
        points[at] = number
        at += len(char.encode('utf-8', 'surrogatepass'))
    points[at] = len(text)
    out, links = [], []
    for facet in list_of(record, 'facets'):
        index = object_of(facet, 'index')
        start, end = index_of(index.get('byteStart')), index_of(index.get('byteEnd'))
        start, end = points.get(start), points.get(end)
        for feature in list_of(facet, 'features'):
            kind = string(feature, '$type')
            if kind == 'app.bsky.richtext.facet#tag':
                out.append((start, end, '#', None))
            elif kind == 'app.bsky.richtext.facet#mention':
                out.append((start, end, '@', None))
            elif kind == 'app.bsky.richtext.facet#link' and string(feature, 'uri'):
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


def cached_text(text, entities, links):
    """Retweets of one post have one text: count it once."""
    key = (text, entities, links)
    body = _cache.get(key)
    if body is None:
        body = _cache[key] = count_text(text, entities, links)
    return body


def forget_texts():
    _cache.clear()
