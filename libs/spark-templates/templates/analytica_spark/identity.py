"""Which of several rows of one id counts (rules 3 and 24). Python orders texts by code points, as their UTF-8 bytes are ordered."""
from analytica_spark.facts_form import LAST_ID_WITHOUT_TIME, SNOWFLAKE_EPOCH_MS, SNOWFLAKE_TIME_SHIFT

_ALL = float('inf')


class Hidden:
    """What hides rows: `posts` are rows (`source`, `id`, `before`), `authors` rows (`source`, `author_id`, `until`)."""

    def __init__(self):
        self._before, self._until = {}, {}

    def add(self, posts, authors):
        for row in posts:
            key = (row['source'], row['id'])
            self._before[key] = max(self._before.get(key, -_ALL), row.get('before', _ALL))
        for row in authors:
            self._until[row['source'], row['author_id']] = row['until']

    def hides(self, row):
        source, created, original = row['source'], row['created'], row.get('retweet_of')
        if created < self._before.get((source, row['id']), -_ALL):
            return True
        if created <= max(row.get('until', -_ALL), self._until.get((source, row.get('author_id')), -_ALL)):
            return True
        if original is None:
            return False
        if self._before.get((source, original)) == _ALL:
            return True
        return original_created(row) <= self._until.get((source, row.get('retweet_of_author_id')), -_ALL)


def original_created(row):
    """The second in which a retweet's original was created, as far as the retweet says it, else when the retweet was."""
    told, identity = row.get('retweet_of_created'), row['retweet_of']
    if told is not None:
        return told // 1000 * 1000
    if row['source'] != 'bluesky' and identity.isascii() and identity.isdigit() and len(identity) <= 19:
        if int(identity) > LAST_ID_WITHOUT_TIME:
            return ((int(identity) >> SNOWFLAKE_TIME_SHIFT) + SNOWFLAKE_EPOCH_MS) // 1000 * 1000
    return row['created']


def winners(rows, hidden, orders):
    """Of the rows (dicts) the one that counts for each (source, id). `orders` is the place of each file in storing."""
    def stored(row):
        return (row['ingested'], orders[row['file']], row['row'])

    firsts = {}
    for row in rows:
        version = (row['source'], row['id'], row.get('version'))
        known = firsts.get(version)
        if known is None or stored(row) < stored(known):
            firsts[version] = row
    best = {}
    for row in firsts.values():
        key = (row['source'], row['id'])
        if key not in best or _age(row) > _age(best[key]):
            best[key] = row
    return {key: row for key, row in best.items() if not hidden.hides(row)}


def _age(row):
    return (row['created'], row.get('version', ''))
