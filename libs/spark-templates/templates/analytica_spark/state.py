"""What a Spark session keeps between statements: a child session with settings of its own, one run, and its reply."""

_SETTINGS = {
    'spark.sql.session.timeZone': 'UTC',
    'spark.sql.ansi.enabled': 'false',
    # Planning anew after each of many small stages takes longer than what it would save; what is small is broadcast by name.
    'spark.sql.adaptive.enabled': 'false',
    'spark.sql.files.ignoreCorruptFiles': 'false',
    'spark.sql.files.ignoreMissingFiles': 'false',
    'spark.sql.parquet.int96RebaseModeInRead': 'CORRECTED',
    'spark.sql.parquet.datetimeRebaseModeInRead': 'CORRECTED',
}
# On a local disk a job that lists files costs more than it saves.
_LOCAL_LISTING = {'spark.sql.sources.parallelPartitionDiscovery.threshold': '100000'}
_MOST_PARTITIONS = 200

_children = {}


def child_of(spark, root):
    """A session with these settings that shares the context and its cache: the caller's own settings stay as they are."""
    local = root.startswith('file:')
    known = _children.get(local)
    if known is None or known.sparkContext is not spark.sparkContext:
        known = _children[local] = spark.newSession()
        cores = spark.sparkContext.defaultParallelism
        known.conf.set('spark.sql.shuffle.partitions', str(min(max(2, cores), _MOST_PARTITIONS)))
        for key, value in {**_SETTINGS, **(_LOCAL_LISTING if local else {})}.items():
            known.conf.set(key, value)
    return known


class Kept:
    """What is kept of one run: its matched set while more of it will be asked, and the rest of a long reply."""

    def __init__(self, run):
        self.run, self.matched, self.reply = run, None, ''

    def close(self):
        matched, self.matched, self.reply = self.matched, None, ''
        if matched is not None:
            matched.close()


_kept = Kept(None)


def kept_of(run):
    """What is kept of a run. Only one run has a session at a time: what another left is freed."""
    global _kept
    if _kept.run != run:
        _kept.close()
        _kept = Kept(run)
    return _kept


def is_empty():
    return _kept.matched is None and not _kept.reply
