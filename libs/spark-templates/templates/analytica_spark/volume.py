"""Posts over time (rule 17), and with them how many posts have something to rank."""
from pyspark.sql import functions as F

from analytica_spark.counting import COUNTS, ITEMS


def cells_part(live, length):
    """Non-zero cells of `length` milliseconds."""
    start = F.col('created') - F.pmod(F.col('created'), F.lit(length))
    having = [F.count(F.when(F.size(array) > 0, 1)).alias('with_' + kind) for kind, array in ITEMS.items()]
    return live.groupBy(start.alias('start')).agg(
        F.count('*').alias('posts'),
        F.count('retweet_of').alias('retweets'),
        F.count('reply_to').alias('replies'),
        F.count('quote_of').alias('quotes'),
        *having,
    )


def total(cells, count):
    return sum(cell[count] for cell in cells)


def ordered(cells):
    return [[cell[name] for name in ('start', *COUNTS)] for cell in sorted(cells, key=lambda cell: cell['start'])]
