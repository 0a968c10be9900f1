"""The top lists (rules 15 and 16): first the keys with most posts, then for those the authors and the labels."""
from functools import reduce

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from analytica_spark.counting import ITEMS
from analytica_spark.frames import frame
from analytica_spark.matched import PLACE



def stop_words_frame(session, stop_words):
    """Rows (`stop_lang`, `stop_word`) of {language: words}."""
    rows = [(lang, word) for lang, words in stop_words.items() for word in words]
    return frame(session, 'stop_lang string, stop_word string', rows)


def _is_stop(word):
    return (F.col('lang') == F.col('stop_lang')) & (word == F.col('stop_word'))


def _items(live, kind, stops, *columns):
    """A row for each use of an item: `key`, its place `pos`, and the columns asked for."""
    array = ITEMS[kind]
    rows = live.select(F.posexplode(array).alias('pos', 'key'), array, 'lang', *columns).where(F.col('key').isNotNull())
    if kind == 'words' and stops is not None:
        rows = rows.join(F.broadcast(stops), _is_stop(F.col('key')), 'left_anti')
    return rows


def _counted(live, stops, kinds):
    """(`kind`, `source`, `key`, `posts`, `uses`) of every key. A post's first use of a key counts the post."""
    no_source = F.lit(None).cast('string').alias('source')
    branches = [
        _items(live, kind, stops).select(
            F.lit(kind).alias('kind'),
            no_source,
            'key',
            F.expr('int(array_position(%s, key) = pos + 1)' % ITEMS[kind]).alias('first'),
        )
        for kind in kinds
    ]
    branches.append(live.select(F.lit('authors').alias('kind'), 'source', F.col('author_id').alias('key'), F.lit(1)))
    uses = reduce(DataFrame.unionAll, branches)
    return uses.groupBy('kind', 'source', 'key').agg(F.sum('first').alias('posts'), F.count('*').alias('uses'))


def first_parts(live, stops, length, keep):
    """What is gathered first: how many keys and uses there are, and the first `length` of each list."""
    counted = keep(_counted(live, stops, ITEMS))
    order = Window.partitionBy('kind').orderBy(F.desc('posts'), 'key', 'source')
    parts = {
        'totals': counted.groupBy('kind').agg(F.count('*').alias('keys'), F.sum('uses').alias('uses')),
        'tops': counted.withColumn('place', F.row_number().over(order)).where(F.col('place') <= length),
    }
    if stops is not None:
        parts['only_stops'] = _only_stops(live, stops)
    return parts


def _only_stops(live, stops):
    """How many posts have words and none that is not a stop word. Most show at their first word that they are not such."""
    first = F.element_at('words', 1)
    suspects = live.where(F.size('words') > 0).select('lang', 'words', *PLACE).join(
        F.broadcast(stops), _is_stop(first), 'left_semi'
    )
    words = suspects.select('lang', F.explode('words').alias('word'), *PLACE)
    kept = words.join(F.broadcast(stops), _is_stop(F.col('word')), 'left').groupBy(*PLACE).agg(
        F.count(F.when(F.col('stop_word').isNull(), 1)).alias('kept')
    )
    return kept.agg(F.count(F.when(F.col('kept') == 0, 1)).alias('posts'))


def second_parts(live, stops, tops):
    """What is gathered for the keys of the lists: distinct authors and commonest labels."""
    keys = {kind: [row['key'] for row in tops if row['kind'] == kind] for kind in ITEMS}
    authors = [
        _items(live, kind, stops, 'source', 'author_id')
        .where(F.col('key').isin(keys[kind]))
        .select(F.lit(kind).alias('kind'), 'key', 'source', 'author_id')
        for kind in ITEMS
        if keys[kind]
    ]
    parts = {}
    if authors:
        distinct = reduce(DataFrame.unionAll, authors).distinct()
        parts['authors_of'] = distinct.groupBy('kind', 'key').agg(F.count('*').alias('authors'))
    labels = _labels(live, keys['hashtags'], [row['key'] for row in tops if row['kind'] == 'authors'])
    if labels is not None:
        parts['labels'] = labels
    return parts


def _labels(live, hashtags, authors):
    """The commonest spelling of each hashtag and name of each author, ties bytewise least."""
    branches = []
    if hashtags:
        tags = live.select(F.posexplode('keys').alias('pos', 'key'), 'hashtags').where(F.col('key').isin(hashtags))
        spelling = F.coalesce(F.get('hashtags', 'pos'), F.col('key'))
        columns = [F.lit('hashtags').alias('kind'), F.lit('').alias('source'), 'key']
        branches.append(tags.select(*columns, spelling.alias('label')))
    if authors:
        named = live.where(F.col('author_id').isin(authors) & F.col('author_username').isNotNull())
        columns = [F.lit('authors').alias('kind'), 'source', F.col('author_id').alias('key')]
        branches.append(named.select(*columns, F.col('author_username').alias('label')))
    if not branches:
        return None
    uses = reduce(DataFrame.unionAll, branches).groupBy('kind', 'source', 'key', 'label').agg(F.count('*').alias('uses'))
    best = F.min(F.struct(-F.col('uses'), 'label'))
    return uses.groupBy('kind', 'source', 'key').agg(best.alias('best')).select(
        'kind', 'source', 'key', F.col('best.label').alias('label')
    )


def ranked(first, second, posts_with):
    """The lists, from what was gathered and from how many posts have an item of each."""
    totals = {row['kind']: row for row in first['totals']}
    authors = {(row['kind'], row['key']): row['authors'] for row in second.get('authors_of', [])}
    labels = {(row['kind'], row['source'], row['key']): row['label'] for row in second.get('labels', [])}
    lists = {}
    for kind in (*ITEMS, 'authors'):
        tops = [row for row in first['tops'] if row['kind'] == kind]
        # Python orders texts by code points, which is the order of their UTF-8 bytes.
        tops.sort(key=lambda row: (-row['posts'], row['key'], row.get('source', '')))
        total = totals.get(kind, {})
        lists[kind] = {
            'entries': [_entry(kind, row, authors, labels) for row in tops],
            'distinct': total.get('keys', 0),
            'uses': total.get('uses', 0),
            'postsWith': posts_with[kind],
        }
    return lists


def _entry(kind, row, authors, labels):
    key, source = row['key'], row.get('source', '')
    entry = {'key': key, 'label': labels.get((kind, source, key), key), 'posts': row['posts'], 'uses': row['uses']}
    if kind == 'authors':
        return dict(entry, authors=1, source=source)
    return dict(entry, authors=authors.get((kind, key), 0))
