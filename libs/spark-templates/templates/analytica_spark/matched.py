"""The matched set: the posts of the interval that match, read once and kept; every figure is counted from it."""
from functools import reduce

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from analytica_spark import lake as lakes
from analytica_spark.frames import frame, gather
from analytica_spark.identity import winners
from analytica_spark.topic import condition

PLACE = ['file', 'row']
_KEYS = ['created', 'ingested', 'version', 'retweet_of_created', *PLACE]


class Matched:
    """Filled piece by piece. What counts of it is without copies, outdated versions and deleted posts: `live` as a
    DataFrame, or, of at most `most_held` rows, `live_rows` here in the driver, where small sets are counted sooner."""

    def __init__(self, lake, topic, interval, figures, retweet_words, most_held):
        self.lake = lake
        self._condition = condition(topic)
        self._interval = interval
        self._figures, self._retweet_words = figures, retweet_words
        self._most_held = most_held
        self._pieces, self._dead, self._kept = [], None, []
        self._held, self._held_pieces, self._deleted_rows = [], 0, []
        self.read_files = []
        self.rows = 0

    @property
    def all(self):
        return reduce(DataFrame.unionAll, self._pieces)

    @property
    def live(self):
        return self.all if self._dead is None else self.all.join(F.broadcast(self._dead), PLACE, 'left_anti')

    @property
    def is_held(self):
        return self.rows <= self._most_held

    @property
    def all_rows(self):
        return self._held

    @property
    def live_rows(self):
        orders = {file.path: file.order for file in self.read_files}
        return list(winners(self._held, self._deleted_rows, orders).values())

    def read(self, files):
        """Adds the matching rows of some files."""
        self.read_files += files
        self._free_kept()
        within = (F.col('created_at') >= lakes.instant(self._interval['from'])) & (
            F.col('created_at') < lakes.instant(self._interval['to'])
        )
        rows = self.lake.posts(files).where(self._condition & within)
        piece = rows.select(*lakes.DISPLAYED, *_KEYS, *self._figure_columns()).persist()
        self._pieces.append(piece)
        self.rows += piece.count()
        if self.is_held:
            self._hold()
        else:
            self._held = []
            self._find_dead()

    def _figure_columns(self):
        if not self._figures:
            return []
        words = F.col('words')
        if not self._retweet_words:
            words = F.when(F.col('retweet_of').isNull(), words)
        return [F.array_remove(F.split('tags', ' '), '').alias('keys'), 'domains', words.alias('words')]

    def _hold(self):
        """Brings the rows of the pieces that are new to the driver."""
        for piece in self._pieces[self._held_pieces:]:
            parts = {'rows': piece}
            if self.lake.has_tombstones():
                parts['deleted'] = self.lake.tombstones().join(piece.select('source', 'id'), ['source', 'id'], 'left_semi')
            found = gather(parts)
            self._held += found['rows']
            self._deleted_rows += found.get('deleted', [])
        self._held_pieces = len(self._pieces)

    def _find_dead(self):
        """Finds the rows that do not count (rules 3, 14 and 24)."""
        self._forget_dead()
        identity = self.all.groupBy(_identity().alias('identity')).agg(F.count('*').alias('rows'))
        twice = identity.where(F.col('rows') > 1)
        parts = {'twice': twice.agg(F.count('*').alias('n'))}
        if self.lake.has_tombstones():
            parts['deleted'] = self._deleted().agg(F.count('*').alias('n'))
        found = {name: rows[0]['n'] for name, rows in gather(parts).items()}
        dead = [self._outdated(twice.select('identity'))] if found['twice'] else []
        if found.get('deleted'):
            dead.append(self._deleted())
        if dead:
            self._dead = reduce(DataFrame.unionAll, dead).distinct().persist()

    def _outdated(self, twice):
        """First the copies of one version (the first stored stays), then all but the newest version of an id."""
        files = [(file.path, file.order) for file in self.read_files]
        orders = F.broadcast(frame(self.lake.session, 'file string, order bigint', files))
        stored = ['ingested', 'order', 'row']
        candidates = self.all.withColumn('identity', _identity()).join(twice, 'identity', 'left_semi').join(orders, 'file')
        copy = F.row_number().over(Window.partitionBy('source', 'id', 'version').orderBy(*stored))
        newest = [(F.col('copy') == 1).desc(), F.desc('created'), F.col('version').desc_nulls_last(), *stored]
        place = F.row_number().over(Window.partitionBy('source', 'id').orderBy(*newest))
        numbered = candidates.select('source', 'id', 'version', 'created', *stored, 'file').withColumn('copy', copy)
        return numbered.withColumn('place', place).where('place > 1').select(*PLACE)

    def _deleted(self):
        hidden = self.lake.tombstones().groupBy('source', 'id').agg(
            F.max('before').alias('before'), F.count(F.when(F.col('before').isNull(), 1)).alias('deletes')
        )
        joined = self.all.select('source', 'id', 'created', *PLACE).join(hidden, ['source', 'id'])
        return joined.where((F.col('deletes') > 0) | (F.col('created') < F.col('before'))).select(*PLACE)

    def _forget_dead(self):
        if self._dead is not None:
            self._dead.unpersist()
            self._dead = None

    def keep(self, frame):
        """Keeps a DataFrame that several jobs use, until more is read or the set is closed."""
        self._kept.append(frame.persist())
        return frame

    def _free_kept(self):
        while self._kept:
            self._kept.pop().unpersist()

    def close(self):
        """Frees what is kept. May be called twice."""
        self._free_kept()
        self._forget_dead()
        self._held = []
        while self._pieces:
            self._pieces.pop().unpersist()


def _identity():
    return F.xxhash64('source', 'id')
