"""One pass over files for one or several questions: the matching rows are collected into the driver, if these are few."""
from functools import reduce

from pyspark.sql import functions as F

from analytica_spark import facts_form
from analytica_spark import lake as lakes
from analytica_spark import records
from analytica_spark.frames import frame, gather
from analytica_spark.topic import condition

PLACE = ['file', 'row']

# A task gives up to so many times its share of the rows that there is room for.
_SKEW = 3
_MOST_IN_TASK = (1 << 33) - 1


class Asked:
    """Which posts a question is about."""

    def __init__(self, topic, interval):
        self.topic, self.interval = condition(topic), interval

    def condition(self):
        return _within(self.interval) & self.topic


def _within(interval):
    return (F.col('created_at') >= lakes.instant(interval['from'])) & (F.col('created_at') < lakes.instant(interval['to']))


def collected(lake, files, asked, retweet_words, room):
    """For each question its rows (dicts) of some files, or None where there are more than `room` in all."""
    # What is common comes first: by it Spark leaves out what it need not read.
    within = {'from': min(one.interval['from'] for one in asked), 'to': max(one.interval['to'] for one in asked)}
    conditions = [one.topic if one.interval == within else one.condition() for one in asked]
    matches = _within(within) & reduce(lambda some, one: some | one, conditions)
    rows = lake.posts(files, matches)
    which = [F.when(one, 1 << place).otherwise(0) for place, one in enumerate(conditions)]
    chosen = _record(retweet_words)
    if len(asked) > 1:
        chosen.append(reduce(lambda some, one: some.bitwiseOR(one), which).alias('which'))
    most = _most_of_a_task(lake, files, room)
    # A number within its task, so that no task sends the driver more than it can hold.
    numbered = rows.select(*chosen, F.monotonically_increasing_id().bitwiseAND(_MOST_IN_TASK).alias('number'))
    found = numbered.where(F.col('number') <= most).collect()
    if len(found) > room or any(record[-1] == most for record in found):
        return None
    return _unpacked(lake, matches, len(asked) if len(asked) > 1 else 0, retweet_words, found)


def _record(retweet_words):
    """What `records.unpacked` takes. Words stand in `facts` or `terms`, but those of retweets."""
    facts = F.col(facts_form.COLUMN)
    in_terms = facts.endswith(facts_form.FIELD_SEPARATOR + facts_form.WORDS_ARE_IN_TERMS)
    words = F.col('words') if retweet_words else F.when(in_terms, F.col('terms'))
    return [facts, 'created', words.alias('beside'), *records.BESIDE]


def hiding(lake, rows):
    """What hides some rows or the originals of their retweets: {'posts': rows, 'authors': rows}."""
    if not rows or not lake.has_tombstones():
        return {'posts': [], 'authors': []}
    parts = {'posts': lake.hidden_posts().join(_wanted(lake, rows, 'id', 'retweet_of'), ['source', 'id'], 'left_semi')}
    if lake.has_events:
        authors = _wanted(lake, rows, 'author_id', 'retweet_of_author_id')
        parts['authors'] = lake.hidden_authors().join(authors, ['source', 'author_id'], 'left_semi')
    return {'authors': [], **gather(parts)}


def _wanted(lake, rows, name, other):
    keys = {(row['source'], row[column]) for row in rows for column in (name, other) if row.get(column) is not None}
    return F.broadcast(frame(lake.session, 'source string, %s string' % name, sorted(keys)))


def columns(figures, retweet_words):
    """The columns of a row that is read without `facts`."""
    chosen = [*lakes.DISPLAYED, 'created', 'ingested', 'version', 'retweet_of_created', *PLACE]
    if figures:
        words = F.col('words') if retweet_words else F.when(F.col('retweet_of').isNull(), F.col('words'))
        chosen += [F.array_remove(F.split('tags', ' '), '').alias('keys'), 'domains', words.alias('words')]
    return chosen


def _most_of_a_task(lake, files, room):
    conf = lake.session._jsparkSession.sessionState().conf()
    size = sum(file.size + conf.filesOpenCostInBytes() for file in files)
    tasks = max(lake.session.sparkContext.defaultParallelism, size // conf.filesMaxPartitionBytes())
    return max(1000, room * _SKEW // tasks)


def _unpacked(lake, matches, several, retweet_words, found):
    """A list of rows for each question. `matches`: which rows were looked for."""
    rows, files = [], set()
    for record in found:
        row = records.unpacked(record, retweet_words)
        if row is None:
            files.add(record['file'])
        rows.append(row)
    if files:
        rows_of = lake.posts([file for file in lake.files if file.path in files], matches)
        plain = gather({'rows': rows_of.select(*columns(True, retweet_words))})['rows']
        at = {(row['file'], row['row']): row for row in plain}
        rows = [at[record['file'], record['row']] if row is None else row for record, row in zip(found, rows)]
    if not several:
        return [rows]
    answers = [[] for _ in range(several)]
    for record, row in zip(found, rows):
        which = record[-2]
        for place, own in enumerate(answers):
            if which >> place & 1:
                # Its words differ from question to question.
                own.append(dict(row))
    return answers
