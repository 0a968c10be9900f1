"""The most retweeted posts (rule 16): counted by their captured retweets, shown as captured, else as a retweet tells them."""
from pyspark.sql import Window
from pyspark.sql import functions as F

from analytica_spark.facts_form import LAST_ID_WITHOUT_TIME, SNOWFLAKE_EPOCH_MS, SNOWFLAKE_TIME_SHIFT
from analytica_spark.frames import frame, gather
from analytica_spark.identity import Hidden, winners
from analytica_spark.lake import DISPLAYED, among, instants
from analytica_spark.scan import PLACE

SHOWN = [*DISPLAYED, 'created', 'retweet_of_created', *PLACE]


def counted(live):
    """(`source`, `retweet_of`, `captured`, `reported`, `stated`) of every retweeted post."""
    return live.where(F.col('retweet_of').isNotNull()).groupBy('source', 'retweet_of').agg(
        F.count('*').alias('captured'),
        F.max('retweet_count').alias('reported'),
        F.array_compact(F.array(F.min('retweet_of_created'), F.max('retweet_of_created'))).alias('stated'),
    )


def first_parts(live, offset, limit):
    retweeted = counted(live)
    top = retweeted.orderBy(F.desc('captured'), 'retweet_of', 'source').offset(offset).limit(limit)
    return {'retweeted': top, 'retweeted_total': retweeted.agg(F.count('*').alias('n'))}


def told_parts(matched, top):
    """The newest retweet of each, and the rows of their ids in the matched set."""
    ids = _ids(matched.lake, top)
    told = matched.live.join(ids.withColumnRenamed('id', 'retweet_of'), ['source', 'retweet_of'], 'left_semi')
    newest = Window.partitionBy('source', 'retweet_of').orderBy(F.desc('created'), F.desc('id'))
    return {
        'told': told.withColumn('place', F.row_number().over(newest)).where('place = 1').select(*SHOWN),
        'kept': matched.all.select(*SHOWN).join(ids, ['source', 'id'], 'left_semi'),
    }


def captured_parts(lake, top, whole=False):
    """All captured rows that the originals may be (with `until` where their author is hidden), and what hides them. `whole`: as
    they are shown, because few of them are at hand; otherwise what tells which of them counts."""
    parts = {}
    captured = _captured(lake, top, [*SHOWN, 'version', 'ingested'] if whole else _IDENTITY)
    if captured is not None:
        if lake.has_events:
            captured = captured.join(lake.hidden_authors(), ['source', 'author_id'], 'left')
        parts['captured'] = captured
    if lake.has_tombstones():
        parts['hidden'] = lake.hidden_posts().join(_ids(lake, top), ['source', 'id'], 'left_semi')
    return parts


def _ids(lake, top):
    return F.broadcast(
        frame(lake.session, 'source string, id string', [(row['source'], row['retweet_of']) for row in top])
    )


def _captured(lake, top, columns):
    """Rows of the originals' ids: by the instants at which they can have been created, where these are known."""
    times, timeless = _known(top)
    ids = [row['retweet_of'] for row in top]
    found = None
    files = [file for file in lake.files if file.meets(times)]
    if files:
        found = lake.posts(files, instants(sorted(times)) & among('id', ids)).select(*columns)
    if timeless and lake.files:
        others = lake.posts(lake.files, F.col('id').isin(timeless)).select(*columns)
        found = others if found is None else found.unionAll(others)
    return found


_IDENTITY = ['source', 'id', 'author_id', 'version', 'created', 'ingested', *PLACE]


def instants_of(row):
    """When the original can have been created, in ms; platforms state whole seconds here and milliseconds there."""
    known = set(row.get('stated', ()))
    identity = row['retweet_of']
    if row['source'] != 'bluesky' and identity.isascii() and identity.isdigit() and len(identity) <= 19:
        if int(identity) > LAST_ID_WITHOUT_TIME:
            known.add((int(identity) >> SNOWFLAKE_TIME_SHIFT) + SNOWFLAKE_EPOCH_MS)
    return known | {at // 1000 * 1000 for at in known}


def _known(top):
    """When originals can have been created, and the ids of those of which that is not known."""
    times, timeless = set(), set()
    for row in top:
        known = instants_of(row)
        times.update(known)
        if not known:
            timeless.add(row['retweet_of'])
    return times, timeless


def originals(lake, tops, found, kept):
    """For each list of retweeted posts the display rows of the originals that were captured, by (source, id).
    `found`: what `captured_parts` of all lists gave; `kept`: rows that are at hand, by place."""
    orders = {file.path: file.order for file in lake.files}
    places = [_places(top, found, orders) for top in tops]
    missing = {place for own in places for place in own.values() if place not in kept}
    shown = {**kept, **_fetched(lake, missing)} if missing else kept
    return [{key: shown[place] for key, place in own.items()} for own in places]


def _places(top, found, orders):
    times, timeless = _known(top)
    ids = {row['retweet_of'] for row in top}
    own = [
        row for row in found.get('captured', ())
        if row['id'] in ids and row['created'] in times or row['id'] in timeless
    ]
    hidden = Hidden()
    hidden.add(found.get('hidden', ()), ())
    best = winners(own, hidden, orders)
    return {key: (row['file'], row['row']) for key, row in best.items()}


def _fetched(lake, places):
    """Whole rows by their places."""
    files = {file for file, _ in places}
    rows = lake.posts([file for file in lake.files if file.path in files], F.col('row').isin({row for _, row in places}))
    found = gather({'rows': rows.select(*SHOWN)})['rows']
    wanted = set(places)
    return {place: row for row in found if (place := (row['file'], row['row'])) in wanted}
