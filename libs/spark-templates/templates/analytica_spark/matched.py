"""The matched set: the posts of the interval that match, read once and kept; every figure is counted from it."""
from functools import reduce

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from analytica_spark import scan
from analytica_spark.facts_form import LAST_ID_WITHOUT_TIME, SNOWFLAKE_EPOCH_MS, SNOWFLAKE_TIME_SHIFT
from analytica_spark.frames import frame, gather
from analytica_spark.identity import Hidden, winners
from analytica_spark.scan import PLACE

# Up to so many rows of a matched set are counted in the driver.
HELD = 50_000


class Matched:
    """Filled piece by piece. What counts of it is without copies, outdated versions and deleted posts: of at most `most_held`
    rows `live_rows` here in the driver, where small sets are counted sooner, else `live`, a DataFrame."""

    def __init__(self, lake, params, figures):
        self.lake = lake
        self.asked = scan.Asked(params['topic'], params['interval'])
        self._figures, self._retweet_words = figures, params['retweetWords']
        self._most_held = params.get('held', HELD)
        self._pieces, self._dead, self._kept = [], None, []
        self._held, self._hidden = [], Hidden()
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
        return not self._pieces or self.rows == 0

    @property
    def all_rows(self):
        return self._held

    @property
    def live_rows(self):
        orders = {file.path: file.order for file in self.read_files}
        return list(winners(self._held, self._hidden, orders).values())

    def read(self, files):
        """Adds the matching rows of some files."""
        expected = self._expected(files)
        self.read_files += files
        room = self._most_held - self.rows
        if not self._pieces and room > 0 and expected <= self._most_held:
            found = scan.collected(self.lake, files, [self.asked], self._retweet_words, room)
            if found is not None:
                self.add(found[0], scan.hiding(self.lake, found[0]))
                return
        self._free_kept()
        self._persist(files if self._pieces else self.read_files)
        self._find_dead()

    def add(self, rows, hiding):
        """Adds rows that were read, for which there must be room, and what hides them."""
        self._held += rows
        self._hidden.add(hiding['posts'], hiding['authors'])
        self.rows += len(rows)

    def _expected(self, files):
        """How many rows there will be when these files have as many in a byte as those before."""
        read = sum(file.size for file in self.read_files)
        return self.rows * (1 + sum(file.size for file in files) / read) if read else 0

    def _persist(self, files):
        rows = self.lake.posts(files, self.asked.condition())
        piece = rows.select(*scan.columns(self._figures, self._retweet_words)).persist()
        self._pieces.append(piece)
        if len(self._pieces) == 1:
            self.rows, self._held, self._hidden = 0, [], Hidden()
        self.rows += piece.count()

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
        hidden = self.lake.hidden_posts().groupBy('source', 'id').agg(
            F.max('before').alias('before'), F.count(F.when(F.col('before').isNull(), 1)).alias('deletes')
        )
        joined = self.all.select('source', 'id', 'created', *PLACE).join(hidden, ['source', 'id'])
        own = joined.where((F.col('deletes') > 0) | (F.col('created') < F.col('before'))).select(*PLACE)
        originals = hidden.where('deletes > 0').select('source', F.col('id').alias('retweet_of'))
        retweets = self.all.where('retweet_of IS NOT NULL')
        dead = own.unionAll(retweets.join(originals, ['source', 'retweet_of'], 'left_semi').select(*PLACE))
        if not self.lake.has_events:
            return dead
        authors = self.lake.hidden_authors()
        by_author = self.all.select('source', 'author_id', 'created', *PLACE).join(authors, ['source', 'author_id'])
        originals = authors.withColumnRenamed('author_id', 'retweet_of_author_id')
        of_author = retweets.select('*', _original_created().alias('original')).join(
            originals, ['source', 'retweet_of_author_id'])
        dead = dead.unionAll(by_author.where('created <= until').select(*PLACE))
        return dead.unionAll(of_author.where('original <= until').select(*PLACE))

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


class Together:
    """The matched sets of several questions about the same files, all of them held in the driver."""

    def __init__(self, lake, params):
        self.lake = lake
        self._retweet_words = params['retweetWords']
        self._most_held = params.get('held', HELD)
        self.sets = [Matched(lake, {**params, **question}, True) for question in params['questions']]
        self.read_files = []

    def read(self, files):
        """Adds the matching rows of some files; False where there is no room for them."""
        for one in (self, *self.sets):
            one.read_files += files
        room = self._most_held - sum(one.rows for one in self.sets)
        asked = [one.asked for one in self.sets]
        found = scan.collected(self.lake, files, asked, self._retweet_words, room) if room > 0 else None
        if found is None:
            return False
        hiding = scan.hiding(self.lake, [row for rows in found for row in rows])
        for one, rows in zip(self.sets, found):
            one.add(rows, hiding)
        return True

    def close(self):
        for one in self.sets:
            one.close()


def _identity():
    return F.xxhash64('source', 'id')


def _original_created():
    """The second in which a retweet's original was created, as far as the retweet says it, else when the retweet was."""
    identity = F.when(
        (F.col('source') != 'bluesky') & F.col('retweet_of').rlike('^[0-9]{1,19}$'), F.col('retweet_of').cast('bigint'))
    told = F.when(identity > LAST_ID_WITHOUT_TIME, F.shiftright(identity, SNOWFLAKE_TIME_SHIFT) + SNOWFLAKE_EPOCH_MS)
    stated = F.coalesce('retweet_of_created', told)
    return F.coalesce(stated - F.pmod(stated, F.lit(1000)), 'created')
