"""The lake's files: their columns, how they are read, and what is wrong with one that cannot be."""
import re

from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, LongType, StringType, StructField, StructType, TimestampType

_TEXTS = (
    'id source text lang author_id author_username terms tags retweet_of retweet_of_author_id '
    'retweet_of_author_username quote_of reply_to version'
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
])

_PATTERN = re.compile(r'[{}\[\]*?\\]')
# Files lie at YYYY/MM/DD/HH/NAME below the root.
_DEPTH = 5
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
    def __init__(self, session, root, files, tombstones):
        self.session, self.root = session, root.rstrip('/')
        self.files = [File(order, *file) for order, file in enumerate(files)]
        self._tombstones = tombstones

    def posts(self, files):
        """The rows of some files, with their place (`file`, `row`) and their times in epoch milliseconds."""
        rows = self._read(POSTS, [file.path for file in files]).select(
            '*',
            F.substring_index(F.col('_metadata.file_path'), '/', -_DEPTH).alias('file'),
            F.col('_metadata.row_index').alias('row'),
        )
        return rows.select(
            '*',
            F.unix_millis('created_at').alias('created'),
            F.unix_millis('ingested_at').alias('ingested'),
            F.unix_millis('retweet_of_created_at').alias('retweet_of_created'),
        )

    def has_tombstones(self):
        return bool(self._tombstones)

    def tombstones(self):
        rows = self._read(TOMBSTONES, [path for path, _ in self._tombstones])
        return rows.select('source', 'id', F.unix_millis('before').alias('before'))

    def _read(self, schema, paths):
        """Spark takes paths for patterns and checks that each is there; a `[` in the name of a folder is a `[`."""
        root = _PATTERN.sub(r'\\\g<0>', self.root)
        return self.session.read.schema(schema).parquet(*['%s/%s' % (root, path) for path in paths])

    def damage(self, error, read):
        """`Damaged` where a file is at fault for the error, else None. `read`: the files that were read."""
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
        return None

    def _problem(self, path, size):
        context = self.session.sparkContext
        target = context._jvm.org.apache.hadoop.fs.Path('%s/%s' % (self.root, path))
        system = target.getFileSystem(context._jsc.hadoopConfiguration())
        if not system.exists(target):
            return 'is missing'
        found = system.getFileStatus(target).getLen()
        return None if found == size else 'is damaged (%d bytes instead of %d)' % (found, size)


def instant(milliseconds):
    """An instant as a literal that Parquet's statistics are compared with."""
    return F.timestamp_millis(F.lit(milliseconds))
