"""All figures of a large matched set, aggregated by Spark: one action for what ranks, one for what belongs to the ranked."""
from pyspark.sql import functions as F

from analytica_spark import counting, lists, retweets, volume
from analytica_spark.frames import gather


def figures(matched, stop_words, params):
    """(figures and newest posts, the most retweeted, how many there are, what else is known of those)."""
    live = matched.live
    stops = None if stop_words is None else matched.keep(lists.stop_words_frame(matched.lake.session, stop_words))
    first = gather({
        'cells': volume.cells_part(live, params['cell']),
        'newest': _newest(live, 0, params['newest']),
        **lists.first_parts(live, stops, params['top'], matched.keep),
        **retweets.first_parts(live, 0, params['retweeted']),
    })
    top, total = _top(first)
    parts = {**lists.second_parts(live, stops, first['tops']), **_parts_of(matched, top)}
    second = gather(parts) if parts else {}
    cells = first['cells']
    posts_with = {kind: volume.total(cells, 'with_' + kind) for kind in counting.ITEMS}
    posts_with['words'] -= sum(row['posts'] for row in first.get('only_stops', []))
    posts_with['authors'] = volume.total(cells, 'posts')
    ranked = lists.ranked(first, second, posts_with)
    answer = {
        'counts': {
            **{count: volume.total(cells, count) for count in counting.COUNTS},
            'authors': ranked['authors']['distinct'],
            'words': ranked['words']['uses'],
        },
        'cells': volume.ordered(cells),
        'lists': ranked,
        'newest': counting.newest(first['newest'], 0, params['newest']),
    }
    return answer, top, total, second


def newest_page(matched, offset, limit):
    found = gather({
        'newest': _newest(matched.live, offset, limit),
        'total': matched.live.agg(F.count('*').alias('n')),
    })
    return {'newest': counting.newest(found['newest'], 0, limit), 'total': found['total'][0]['n']}


def retweeted_page(matched, offset, limit):
    top, total = _top(gather(retweets.first_parts(matched.live, offset, limit)))
    return top, total, gather(_parts_of(matched, top)) if top else {}


def _newest(live, offset, limit):
    """The order of rule 16: total, so that pages never overlap."""
    order = [F.desc('created'), F.desc('id'), F.col('source')]
    return live.orderBy(*order).offset(offset).limit(limit).select(*retweets.SHOWN)


def _top(first):
    top = sorted(first['retweeted'], key=lambda row: (-row['captured'], row['retweet_of'], row['source']))
    return top, first['retweeted_total'][0]['n']


def _parts_of(matched, top):
    return {**retweets.told_parts(matched, top), **retweets.captured_parts(matched.lake, top)} if top else {}
