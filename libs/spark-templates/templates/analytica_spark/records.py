"""Rows as they are collected to be counted in the driver. What figures need stands in one text, the lake's column `facts`
(docs/adr/0003), which is read much faster than the lists that it is made of."""
import unicodedata

from analytica_spark.facts_form import (
    FIELD_SEPARATOR, FIELDS, ITEM_SEPARATOR, TOKEN_SEPARATOR, WORDS_ARE_IN_TERMS)

_ID, _SOURCE, _AUTHOR, _USERNAME, _VERSION, _DELAY, _RETWEET_OF, _COUNT, _TAGS, _HASHTAGS, _MENTIONS, _DOMAINS, _WORDS = map(
    FIELDS.index,
    'id source author_id author_username version delay retweet_of retweet_count tags hashtags mentions domains words'.split())
# What is shown of a post and not told by `facts`.
BESIDE = (
    'text lang urls retweet_of_author_id retweet_of_author_username quote_of reply_to reply_count like_count quote_count '
    'retweet_of_created file row'
).split()


def unpacked(record, retweet_words):
    """A record (`facts`, `created`, words or `terms`, then BESIDE) as a row, a dict without nulls; None where its columns have to
    be read."""
    facts, created, beside = record[:3]
    if facts is None:
        return None
    told = facts.split(FIELD_SEPARATOR)
    if len(told) != len(FIELDS):
        raise ValueError('A record of the lake has %d fields instead of %d.' % (len(told), len(FIELDS)))
    row = {name: value for name, value in zip(BESIDE, record[3:]) if value is not None}
    row.update(id=told[_ID], source=told[_SOURCE], author_id=told[_AUTHOR], created=created,
               ingested=created + int(told[_DELAY] or 0))
    tags, spelled, mentions, domains, words = told[_TAGS], told[_HASHTAGS], told[_MENTIONS], told[_DOMAINS], told[_WORDS]
    row['keys'] = tags.split(TOKEN_SEPARATOR) if tags else []
    row['hashtags'] = spelled.split(ITEM_SEPARATOR) if spelled else row['keys']
    row['mentions'] = mentions.split(TOKEN_SEPARATOR) if mentions else []
    row['domains'] = domains.split(ITEM_SEPARATOR) if domains else []
    if told[_USERNAME]:
        row['author_username'] = told[_USERNAME]
    if told[_VERSION]:
        row['version'] = told[_VERSION]
    if told[_RETWEET_OF]:
        row['retweet_of'] = told[_RETWEET_OF]
    if told[_COUNT]:
        row['retweet_count'] = int(told[_COUNT])
    if retweet_words:
        row['words'] = beside or []
    elif words == WORDS_ARE_IN_TERMS:
        row['words'] = words_in(beside)
        if row['words'] is None:
            return None
    elif not told[_RETWEET_OF]:
        row['words'] = words.split(TOKEN_SEPARATOR) if words else []
    return row


def words_in(terms):
    """The words of a text whose tokens and words do not differ otherwise, or None where this Python's Unicode is too old."""
    words = []
    for token in terms.split(' '):
        if len(token) < 2 or token[0] == '@':
            continue
        if 'a' <= token[0] <= 'z' or any(map(str.isalpha, token)):
            words.append(token)
        elif not token.isascii() and any(unicodedata.category(character) == 'Cn' for character in token):
            return None
    return words
