"""The programs: `analysis`, `posts`, `more` (of a long reply) and `drop`. Parameters are data, replies are JSON."""
import base64
import json
import zlib

from analytica_spark import aggregates, counting, retweets, state
from analytica_spark.frames import gather
from analytica_spark.lake import Damaged, Lake
from analytica_spark.matched import Matched

# Longer replies are given in pieces of so many characters.
PIECE = 700_000
# Up to so many rows of a matched set are counted in the driver.
HELD = 50_000


def answer(spark, params, stop_words):
    """Runs a program. {'piece': text, 'more': whether `more` gives more}, together base64 of deflated JSON."""
    kept = state.kept_of(params['run'])
    program = params['program']
    if program == 'more':
        return _next_piece(kept)
    if program == 'drop':
        kept.close()
        return None
    going_on = False
    try:
        value = {'analysis': analysis, 'posts': posts}[program](spark, params, stop_words, kept)
        kept.reply = base64.b64encode(zlib.compress(json.dumps(value).encode('ascii'), 6)).decode('ascii')
        going_on = params.get('more', False)
        return _next_piece(kept)
    except Damaged as damaged:
        return {'damaged': {'file': damaged.path, 'problem': damaged.problem}}
    finally:
        if not going_on:
            _free(kept)


def _free(kept):
    """Frees the matched set, not the rest of the reply."""
    if kept.matched is not None:
        kept.matched.close()
        kept.matched = None


def _next_piece(kept):
    piece, kept.reply = kept.reply[:PIECE], kept.reply[PIECE:]
    return {'piece': piece, 'more': bool(kept.reply)}


def _read(spark, params, kept, figures):
    """The matched set with the files of this statement added."""
    if kept.matched is None:
        session = state.child_of(spark, params['root'])
        lake = Lake(session, params['root'], params['files'], params['tombstones'])
        kept.matched = Matched(
            lake, params['topic'], params['interval'], figures, params['retweetWords'], params.get('held', HELD)
        )
    matched = kept.matched
    matched.read([matched.lake.files[order] for order in params['read']])
    return matched


def _explaining(work):
    """A failure of Spark as `Damaged` where a file is at fault."""
    def explained(spark, params, stop_words, kept):
        try:
            return work(spark, params, stop_words, kept)
        except Exception as error:
            if kept.matched is None or 'cancelled' in str(error):
                raise
            damage = kept.matched.lake.damage(error, kept.matched.read_files)
            raise damage or error
    return explained


@_explaining
def analysis(spark, params, stop_words, kept):
    """All figures of an interval, over the files read so far."""
    matched = _read(spark, params, kept, True)
    stops = None if params['stopWords'] else stop_words
    if matched.is_held:
        rows = matched.live_rows
        answer = counting.figures(rows, stops, params['cell'], params['top'])
        answer['newest'] = _shown(counting.newest(rows, 0, params['newest']))
        answer.update(_held_retweets(matched, rows, 0, params['retweeted']))
    else:
        answer, top, total, also = aggregates.figures(matched, stops, params)
        answer.update(_retweets(matched, top, total, also))
    return dict(answer, matched=matched.rows)


@_explaining
def posts(spark, params, stop_words, kept):
    """A page of the matched posts."""
    matched = _read(spark, params, kept, False)
    offset, limit = params['offset'], params['limit']
    if params['order'] == 'newest':
        if matched.is_held:
            rows = matched.live_rows
            return {'newest': _shown(counting.newest(rows, offset, limit)), 'total': len(rows)}
        return aggregates.newest_page(matched, offset, limit)
    if matched.is_held:
        return _held_retweets(matched, matched.live_rows, offset, limit)
    return _retweets(matched, *aggregates.retweeted_page(matched, offset, limit))


def _held_retweets(matched, rows, offset, limit):
    top, total, told = counting.retweeted(rows, offset, limit)
    parts = retweets.captured_parts(matched.lake, top) if top else {}
    found = gather(parts) if parts else {}
    kept = {(row['file'], row['row']): row for row in matched.all_rows}
    return _retweeted(matched, top, total, found, told, kept)


def _retweets(matched, top, total, found):
    told = {(row['source'], row['retweet_of']): row for row in found.get('told', [])}
    kept = {(row['file'], row['row']): row for row in found.get('kept', [])}
    return _retweeted(matched, top, total, found, told, kept)


def _retweeted(matched, top, total, found, told, kept):
    """Retweeted posts, each with its original or what the newest retweet tells of it (`told`)."""
    originals = retweets.originals(matched.lake, found, kept) if top else {}
    rows = []
    for row in top:
        key = (row['source'], row['retweet_of'])
        shown = ('post', originals[key]) if key in originals else ('told', told[key])
        counts = {'captured': row['captured'], 'reported': row.get('reported')}
        rows.append({'source': key[0], 'retweetOf': key[1], **counts, shown[0]: _shown([shown[1]])[0]})
    return {'retweeted': rows, 'total': total}


def _shown(rows):
    """The rows without what only figures need."""
    return [{name: row[name] for name in retweets.SHOWN if name in row} for row in rows]
