"""The programs: `analysis`, `analyses`, `posts`, `more` (of a long reply) and `drop`. Parameters are data, replies are JSON."""
import base64
import gc
import json
import zlib

from analytica_spark import aggregates, counting, retweets, state
from analytica_spark.frames import gather
from analytica_spark.lake import Damaged, Lake
from analytica_spark.matched import Matched, Together

# Longer replies are given in pieces of so many characters.
PIECE = 700_000


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
    # Many rows and nothing in circles: to look for these again and again would take as long as the counting.
    collects = gc.isenabled()
    gc.disable()
    try:
        value = {'analysis': analysis, 'analyses': analyses, 'posts': posts}[program](spark, params, stop_words, kept)
        kept.reply = base64.b64encode(zlib.compress(json.dumps(value).encode('ascii'), 6)).decode('ascii')
        going_on = params.get('more', False)
        return _next_piece(kept)
    except Damaged as damaged:
        return {'damaged': {'file': damaged.path, 'problem': damaged.problem}}
    finally:
        if not going_on:
            _free(kept)
        if collects:
            gc.enable()


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
        lake = _lake(spark, params)
        kept.matched = Matched(lake, params, figures)
    matched = kept.matched
    matched.read([matched.lake.files[order] for order in params['read']])
    return matched


def _lake(spark, params):
    session = state.child_of(spark, params['root'])
    return Lake(session, params['root'], params['files'], params['tombstones'], params['interval'])


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
    if matched.is_held:
        return _counted(matched.lake, [(matched, params)], stop_words)[0]
    answer, top, total, also = aggregates.figures(matched, None if params['stopWords'] else stop_words, params)
    return dict(answer, matched=matched.rows, **_retweets(matched, top, total, also))


@_explaining
def analyses(spark, params, stop_words, kept):
    """All figures for several questions about the same files, which are read once; None where too much matches for that."""
    if kept.matched is None:
        kept.matched = Together(_lake(spark, params), params)
    together = kept.matched
    if not together.read([together.lake.files[order] for order in params['read']]):
        return None
    return _counted(together.lake, zip(together.sets, params['questions']), stop_words)


def _counted(lake, asked, stop_words):
    """The answers to questions whose matched sets are held in the driver."""
    answers, counted = [], []
    for matched, question in asked:
        rows = matched.live_rows
        answer = counting.figures(rows, None if question['stopWords'] else stop_words, question['cell'], question['top'])
        answer['newest'] = _shown(counting.newest(rows, 0, question['newest']))
        answers.append(dict(answer, matched=matched.rows))
        counted.append((matched, *counting.retweeted(rows, 0, question['retweeted'])))
    return [dict(answer, **shown) for answer, shown in zip(answers, _held_retweets(lake, counted))]


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
        return _held_retweets(matched.lake, [(matched, *counting.retweeted(matched.live_rows, offset, limit))])[0]
    return _retweets(matched, *aggregates.retweeted_page(matched, offset, limit))


def _held_retweets(lake, counted):
    """`counted`: matched sets, each with its most retweeted, how many there are, and the newest retweet of each."""
    tops = [top for _, top, _, _ in counted]
    every = [row for top in tops for row in top]
    read = counted[0][0].read_files
    # Before all is read, most originals are in files that are not.
    parts = retweets.captured_parts(lake, every, lake.has_more_than(read)) if every else {}
    found = gather(parts) if parts else {}
    at_hand = [row for matched, *_ in counted for row in matched.all_rows]
    if lake.has_more_than(read):
        at_hand += found.get('captured', [])
    kept = {(row['file'], row['row']): row for row in at_hand}
    originals = retweets.originals(lake, tops, found, kept)
    return [_retweeted(top, total, own, told) for (_, top, total, told), own in zip(counted, originals)]


def _retweets(matched, top, total, found):
    told = {(row['source'], row['retweet_of']): row for row in found.get('told', [])}
    kept = {(row['file'], row['row']): row for row in found.get('kept', [])}
    return _retweeted(top, total, retweets.originals(matched.lake, [top], found, kept)[0], told)


def _retweeted(top, total, originals, told):
    """Retweeted posts, each with its original or what the newest retweet tells of it (`told`)."""
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
