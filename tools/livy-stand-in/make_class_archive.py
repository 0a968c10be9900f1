"""Makes a class archive of Spark, once, beside the PySpark it is for: with it a session takes about half the processor time to
start. A JVM that it does not fit starts without it.

    PYTHON-WITH-PYSPARK tools/livy-stand-in/make_class_archive.py   # makes it where it is missing
"""
import fcntl
import logging
import os
import sys
import tempfile

import class_archive
import spark_context
from options import SPARK_DEFAULTS

DUMP_SECONDS = 300


def _use(spark, folder):
    """What a session and an analysis do, so that their classes are loaded."""
    from pyspark.sql import functions as f

    spark.range(4).count()
    spark.createDataFrame([(1, 'a')], ['n', 't']).collect()
    path = os.path.join(folder, 'rows')
    spark.range(100).selectExpr('id', "concat(' a ', id, ' ') AS terms", 'array(id) AS many').write.parquet(path)
    rows = spark.read.parquet(path).where(f.contains(f.col('terms'), f.lit(' 1'))).cache()
    rows.select(f.explode('many').alias('one')).groupBy('one').count().orderBy(f.desc('count'), 'one').limit(5).collect()
    spark.sparkContext.parallelize(range(4), 2).map(lambda n: n + 1).sum()
    rows.unpersist()


def _dump(target):
    with tempfile.TemporaryDirectory(prefix='livy-stand-in-') as folder:
        unfinished = target + '.unfinished'
        conf = {
            **SPARK_DEFAULTS,
            'spark.master': 'local[2]',
            'spark.driver.defaultJavaOptions': '-XX:ArchiveClassesAtExit=%s -Xlog:cds=off' % unfinished,
        }
        jvm = spark_context.SparkJvm(conf, 'class-archive')
        os.environ.update(jvm.environment('0.9.0'))
        context, names = spark_context.connect_from_environment(os.environ)
        _use(names['spark'], folder)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # PySpark's complaints that its JVM is gone
        jvm.process.stdin.close()
        jvm.process.wait(DUMP_SECONDS)
        os.rename(unfinished, target)


def main():
    if os.path.exists(class_archive.PATH):
        return
    with open(class_archive.PATH + '.lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.exists(class_archive.PATH):
            return
        print('Making a class archive of Spark at %s (once) ...' % class_archive.PATH, file=sys.stderr, flush=True)
        logging.disable(logging.CRITICAL)  # the gateway's, when its JVM ends
        os.environ['PYSPARK_PYTHON'] = sys.executable
        _dump(class_archive.PATH)


if __name__ == '__main__':
    main()
    sys.stdout.flush()
    os._exit(0)  # PySpark's own farewells would call a JVM that is gone
