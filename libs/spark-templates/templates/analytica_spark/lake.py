"""The lake's files: their columns, how they are read, and what is wrong with one that cannot be."""
import json
import re
from collections import OrderedDict

from py4j.protocol import Py4JJavaError
from pyspark.sql import Window
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, BooleanType, LongType, StringType, StructField, StructType, TimestampType

from analytica_spark import facts_form

_TEXTS = (
    'id source text lang author_id author_username terms tags retweet_of retweet_of_author_id '
    'retweet_of_author_username quote_of reply_to version ' + facts_form.COLUMN
)
_KINDS = {
    StringType(): _TEXTS,
    TimestampType(): 'created_at ingested_at retweet_of_created_at',
    ArrayType(StringType()): 'hashtags mentions urls domains words',
    LongType(): 'retweet_count reply_count like_count quote_count',
}
POSTS = StructType([StructField(name, kind) for kind, names in _KINDS.items() for name in names.split()])
TOMBSTONES = StructType([
    StructField('source', StringType()), StructField('id', StringType()), StructField('before', TimestampType()),
    # Of events only, and not in files of versions before.
    StructField('author_id', StringType()), StructField('at', TimestampType()), StructField('until', TimestampType()),
    StructField('hidden', BooleanType()), StructField('reason', StringType()),
])

_PATTERN = re.compile(r'[{}\[\]*?\\]')
# Files lie at YYYY/MM/DD/HH/NAME below the root, those of imports at imports/IMPORT/YYYY/MM/DD/HH/NAME.
_DEPTH = 5
_IMPORTS = 'imports/'
_IMPORT_DEPTH = 7
# What the dashboard shows of a post besides its times.
DISPLAYED = (
    'id source text lang author_id author_username hashtags mentions urls retweet_of retweet_of_author_id '
    'retweet_of_author_username quote_of reply_to retweet_count reply_count like_count quote_count'
).split()


class File:
    """A data file as the manifest lists it; `order` is its place in the order of storing."""

    def __init__(self, order, path, least, greatest, size):
        self.order, self.path, self.least, self.greatest, self.size = order, path, least, greatest, size

    def meets(self, instants):
        return any(self.least <= at <= self.greatest for at in instants)


class Damaged(Exception):
    """A file of the lake is missing or cannot be read."""

    def __init__(self, path, problem):
        super().__init__('%s %s' % (path, problem))
        self.path, self.problem = path, problem


class Lake:
    def __init__(self, session, root, files, tombstones, interval):
        self.session, self.root = session, root.rstrip('/')
        self.files = [File(order, *file) for order, file in enumerate(files)]
        self._tombstones = [(path, size) for path, size, _ in tombstones]
        self.has_events = any(events for _, _, events in tombstones)
        self._asked = [file for file in self.files if file.least < interval['to'] and file.greatest >= interval['from']]

    def posts(self, files, condition=None):
        """The rows of some files, with their place (`file`, `row`) and their times in epoch milliseconds."""
        known = {file.path for file in self._asked}
        if not known.issuperset(file.path for file in files):
            rows = self._posts(files)
            return rows if condition is None else rows.where(condition)
        # Listed once for all statements. Which files are read is asked last, so that of rows only few are asked it.
        rows = self._posts(self._asked)
        if condition is not None:
            rows = rows.where(condition)
        return rows if len(files) == len(known) else rows.where(among('file', [file.path for file in files]))

    def _posts(self, files):
        paths = [file.path for file in files]
        return self._listed(POSTS, paths, lambda rows: _with_places(rows, paths))

    def has_more_than(self, files):
        """Whether there are other files that can hold posts of the interval."""
        return len(files) < len(self._asked)

    def has_tombstones(self):
        return bool(self._tombstones)

    def hidden_posts(self):
        """(`source`, `id`, `before`) of deletes, updates, and ids whose newest event hides them."""
        rows = self._tombstone_rows()
        deletes = rows.where(F.col('at').isNull()) if self.has_events else rows
        deletes = deletes.select('source', 'id', 'before')
        if not self.has_events:
            return deletes
        hidden = _newest_events(rows, 'id').where('hidden')
        return deletes.unionAll(hidden.select('source', 'id', F.lit(None).cast('bigint').alias('before')))

    def hidden_authors(self):
        """(`source`, `author_id`, `until`) of authors whose newest event hides them."""
        hidden = _newest_events(self._tombstone_rows(), 'author_id').where('hidden')
        return hidden.groupBy('source', 'author_id').agg(F.max('until').alias('until'))

    def _tombstone_rows(self):
        return self._listed(TOMBSTONES, [path for path, _ in self._tombstones], _tombstones)

    def _listed(self, schema, paths, prepared):
        """Files do not change, so that what Spark found of them is good until one is missing."""
        key = (self.root, *paths)
        rows = _kept.pop(key, None)
        if rows is None or rows.sparkSession is not self.session:
            rows = prepared(self._read(schema, paths))
        _kept[key] = rows
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
        return rows

    def _read(self, schema, paths):
        """Spark takes paths for patterns and checks that each is there; a `[` in the name of a folder is a `[`."""
        root = _PATTERN.sub(r'\\\g<0>', self.root)
        return self.session.read.schema(schema).parquet(*['%s/%s' % (root, path) for path in paths])

    def damage(self, error, read):
        """`Damaged` where a file is at fault for the error, else None. `read`: the files that were read."""
        _kept.clear()
        text = str(error)
        sizes = {file.path: file.size for file in self.files}
        sizes.update(self._tombstones)
        blamed = [path for path in sizes if path in text]
        for path in blamed or [*(file.path for file in read), *(path for path, _ in self._tombstones)]:
            problem = self._problem(path, sizes[path])
            if problem is None and path in blamed:
                problem = 'is damaged and cannot be read'
            if problem is not None:
                return Damaged(path, problem)
        # Of some damage Spark says what it is, but not where: then each file that was read is read by itself.
        if isinstance(error, Py4JJavaError):
            for file in read:
                if not self._is_readable(file.path):
                    return Damaged(file.path, 'is damaged and cannot be read')
        return None

    def _is_readable(self, path):
        try:
            self._read(POSTS, [path]).agg(F.bit_xor(F.xxhash64(*POSTS.names))).collect()
        except Py4JJavaError:
            return False
        return True

    def _problem(self, path, size):
        context = self.session.sparkContext
        target = context._jvm.org.apache.hadoop.fs.Path('%s/%s' % (self.root, path))
        system = target.getFileSystem(context._jsc.hadoopConfiguration())
        if not system.exists(target):
            return 'is missing'
        found = system.getFileStatus(target).getLen()
        if found != size:
            return 'is damaged (%d bytes instead of %d)' % (found, size)
        return None if _has_footer(context, target) else 'is damaged and cannot be read'


def _has_footer(context, target):
    """Spark's error does not always name the file whose footer it cannot read."""
    parquet = context._jvm.org.apache.parquet.hadoop
    try:
        source = parquet.util.HadoopInputFile.fromPath(target, context._jsc.hadoopConfiguration())
        parquet.ParquetFileReader.open(source).close()
    except Py4JJavaError:
        return False
    return True


# Listings of files, those used last at the end.
_kept = OrderedDict()
_MOST_KEPT = 6
_MOST_RANGES = 4


def _with_places(rows, paths):
    return rows.select(
        '*',
        _listed_path(F.col('_metadata.file_path'), paths).alias('file'),
        F.col('_metadata.row_index').alias('row'),
        F.unix_millis('created_at').alias('created'),
        F.unix_millis('ingested_at').alias('ingested'),
        F.unix_millis('retweet_of_created_at').alias('retweet_of_created'),
    )


def _listed_path(found, paths):
    """The path by which the manifest lists a file, out of the whole path that Spark found it at."""
    captured, imported = (F.substring_index(found, '/', -depth) for depth in (_DEPTH, _IMPORT_DEPTH))
    imports = [path for path in paths if path.startswith(_IMPORTS)]
    if not imports:
        return captured
    if len(imports) == len(paths):
        return imported
    # The lake itself may lie in a folder imports/NAME: the folders in a path alone do not tell.
    return F.when(imported.startswith(_IMPORTS) & among(imported, imports), imported).otherwise(captured)


def _tombstones(rows):
    times = [F.unix_millis(name).alias(name) for name in ('before', 'at', 'until')]
    return rows.select('source', 'id', 'author_id', 'hidden', 'reason', *times)


def _newest_events(rows, key):
    """Of the events of one state the newest; of several of one time the one that hides most."""
    state = F.coalesce(F.col('reason') == 'withheld', F.lit(False))
    newest = Window.partitionBy('source', key, state).orderBy(F.desc('at'), F.desc('hidden'), F.desc_nulls_last('until'))
    events = rows.where(F.col(key).isNotNull() & F.col('hidden').isNotNull())
    return events.withColumn('place', F.row_number().over(newest)).where('place = 1')


def instant(milliseconds):
    """An instant as a literal that Parquet's statistics are compared with."""
    return F.timestamp_millis(F.lit(milliseconds))


def instants(milliseconds):
    """Whether a row was created at one of some instants (sorted whole numbers, so that they may stand in SQL). Only a few ranges in
    which they lie are asked of Parquet's statistics: to ask all takes longer than to read what these would leave out."""
    within = ['created_at BETWEEN %s AND %s' % (_sql(least), _sql(greatest)) for least, greatest in _ranges(milliseconds)]
    return F.expr('created IN (%s)' % ', '.join(map(str, milliseconds))) & F.expr(' OR '.join(within))


def _sql(milliseconds):
    return 'timestamp_millis(%d)' % milliseconds


def _ranges(sorted_numbers):
    """Few ranges that hold all the numbers, with the largest gaps between them."""
    gaps = sorted(range(1, len(sorted_numbers)), key=lambda at: sorted_numbers[at - 1] - sorted_numbers[at])
    cuts = [0, *sorted(gaps[:_MOST_RANGES - 1]), len(sorted_numbers)]
    return [(sorted_numbers[start], sorted_numbers[end - 1]) for start, end in zip(cuts, cuts[1:])]


def among(column, texts):
    """Whether a column is one of some texts, which travel as one literal."""
    asked = F.col(column) if isinstance(column, str) else column
    return F.array_contains(F.from_json(F.lit(json.dumps(texts)), 'array<string>'), asked)
