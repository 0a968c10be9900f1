"""All figures of a small matched set, counted in the driver: Spark's jobs would take longer to plan than to run."""
import heapq
from collections import Counter

ITEMS = {'hashtags': 'keys', 'mentions': 'mentions', 'domains': 'domains', 'words': 'words'}
COUNTS = ('posts', 'retweets', 'replies', 'quotes')


def figures(rows, stop_words, cell, length):
    """Counts, cells and lists of the rows that count (rules 14 to 17). `stop_words` is None where they count as words."""
    if stop_words is not None:
        _leave_out(rows, {lang: set(words) for lang, words in stop_words.items()})
    cells = _cells(rows, cell)
    lists = {kind: _ranked(kind, array, rows, length) for kind, array in ITEMS.items()}
    lists['authors'] = _authors(rows, length)
    return {
        'counts': {
            **{name: sum(counted[name] for counted in cells) for name in COUNTS},
            'authors': lists['authors']['distinct'],
            'words': lists['words']['uses'],
        },
        'cells': [[counted[name] for name in ('start', *COUNTS)] for counted in cells],
        'lists': lists,
    }


def newest(rows, offset, limit):
    """A page of the posts, newest first (rule 16)."""
    rows = sorted(rows, key=lambda row: row['source'])
    return sorted(rows, key=lambda row: (row['created'], row['id']), reverse=True)[offset:offset + limit]


def retweeted(rows, offset, limit):
    """A page of the most retweeted, how many there are, and the newest retweet of each."""
    counted, told = {}, {}
    for row in rows:
        if 'retweet_of' not in row:
            continue
        key = (row['source'], row['retweet_of'])
        of = counted.setdefault(key, {'source': key[0], 'retweet_of': key[1], 'captured': 0})
        of['captured'] += 1
        if 'retweet_count' in row:
            of['reported'] = max(of.get('reported', row['retweet_count']), row['retweet_count'])
        if 'retweet_of_created' in row:
            of.setdefault('stated', set()).add(row['retweet_of_created'])
        if key not in told or (row['created'], row['id']) > (told[key]['created'], told[key]['id']):
            told[key] = row
    order = sorted(counted.values(), key=lambda row: (-row['captured'], row['retweet_of'], row['source']))
    return order[offset:offset + limit], len(order), told


def _leave_out(rows, stops):
    for row in rows:
        own = stops.get(row.get('lang'))
        if own and row.get('words'):
            row['words'] = [word for word in row['words'] if word not in own]


def _cells(rows, length):
    cells = {}
    for row in rows:
        start = row['created'] // length * length
        cell = cells.setdefault(start, dict.fromkeys(COUNTS, 0))
        cell['posts'] += 1
        cell['retweets'] += 'retweet_of' in row
        cell['replies'] += 'reply_to' in row
        cell['quotes'] += 'quote_of' in row
    return [{'start': start, **cells[start]} for start in sorted(cells)]


def _top(posts, length):
    return heapq.nsmallest(length, posts, key=lambda key: (-posts[key], key))


def _ranked(kind, array, rows, length):
    posts, uses, posts_with = Counter(), Counter(), 0
    for row in rows:
        items = row.get(array)
        if items:
            posts_with += 1
            uses.update(items)
            posts.update(set(items))
    top = _top(posts, length)
    authors = _authors_of(array, rows, top)
    labels = _spellings(rows, top) if kind == 'hashtags' else {}
    return {
        'entries': [
            {'key': key, 'label': _commonest(labels.get(key)) or key, 'posts': posts[key], 'uses': uses[key],
             'authors': len(authors[key])}
            for key in top
        ],
        'distinct': len(posts),
        'uses': sum(uses.values()),
        'postsWith': posts_with,
    }


def _authors_of(array, rows, top):
    authors = {key: set() for key in top}
    for row in rows:
        for item in authors.keys() & row.get(array, ()):
            authors[item].add((row['source'], row['author_id']))
    return authors


def _spellings(rows, top):
    labels = {key: Counter() for key in top}
    for row in rows:
        spelled = row.get('hashtags', [])
        for place, key in enumerate(row.get('keys', ())):
            if key in labels:
                labels[key][spelled[place] if place < len(spelled) else key] += 1
    return labels


def _commonest(labels):
    """The commonest label, ties bytewise least."""
    return min(labels, key=lambda label: (-labels[label], label)) if labels else None


def _authors(rows, length):
    posts = Counter((row['author_id'], row['source']) for row in rows)
    top = _top(posts, length)
    names = {key: Counter() for key in top}
    for row in rows:
        key = (row['author_id'], row['source'])
        if key in names and 'author_username' in row:
            names[key][row['author_username']] += 1
    return {
        'entries': [
            {'key': key[0], 'label': _commonest(names[key]) or key[0], 'posts': posts[key], 'uses': posts[key],
             'authors': 1, 'source': key[1]}
            for key in top
        ],
        'distinct': len(posts),
        'uses': len(rows),
        'postsWith': len(rows),
    }
