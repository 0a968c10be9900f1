"""Rows as they are collected to be counted in the driver. What figures need stands in one text, the lake's column `facts`
(docs/adr/0003), which is read much faster than the lists that it is made of."""
import unicodedata

# The form of the column that is known here: of files with another one the columns themselves are read.
FACTS = 'facts_2'
FIELDS = (
    'id author_id author_username source lang version delay kind retweet_of retweet_of_created retweet_count tags hashtags '
    'mentions domains words'
).split()
FIELD_SEPARATOR, _ITEM, IN_TERMS = '\x1f', '\x1e', '*'
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
    (identity, author, username, source, _, version, delay, _, retweet_of, _, count, tags, spelled, mentions, domains,
     words) = facts.split(FIELD_SEPARATOR)
    row = {name: value for name, value in zip(BESIDE, record[3:]) if value is not None}
    row.update(id=identity, source=source, author_id=author, created=created, ingested=created + int(delay or 0))
    row['keys'] = tags.split(' ') if tags else []
    row['hashtags'] = spelled.split(_ITEM) if spelled else row['keys']
    row['mentions'] = mentions.split(' ') if mentions else []
    row['domains'] = domains.split(_ITEM) if domains else []
    if username:
        row['author_username'] = username
    if version:
        row['version'] = version
    if retweet_of:
        row['retweet_of'] = retweet_of
    if count:
        row['retweet_count'] = int(count)
    if retweet_words:
        row['words'] = beside or []
    elif words == IN_TERMS:
        row['words'] = words_in(beside)
        if row['words'] is None:
            return None
    elif not retweet_of:
        row['words'] = words.split(' ') if words else []
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
