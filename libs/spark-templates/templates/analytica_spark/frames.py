"""Small helpers: rows of data as a DataFrame, and several DataFrames gathered by one Spark action."""
import json
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def frame(session, fields, rows):
    """A DataFrame of few rows (tuples) by a DDL such as `id string, at bigint`. The rows travel as one literal."""
    names = [field.split()[0] for field in fields.split(', ')]
    kind = 'array<struct<%s>>' % ', '.join('%s: %s' % tuple(field.split(' ', 1)) for field in fields.split(', '))
    text = json.dumps([dict(zip(names, row)) for row in rows], ensure_ascii=True)
    return session.range(0, 1, 1, 1).select(F.inline(F.from_json(F.lit(text), kind)))


def gather(parts):
    """Runs the DataFrames of a dict as one action. {name: rows}, each row a dict; nulls are left out. No order is kept."""
    tagged = [
        part.select(F.lit(name).alias('part'), F.to_json(F.struct(*part.columns)).alias('row'))
        for name, part in parts.items()
    ]
    found = {name: [] for name in parts}
    for part, row in reduce(DataFrame.unionAll, tagged).collect():
        found[part].append(json.loads(row))
    return found
