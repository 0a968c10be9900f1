"""Asks a question of a lake on a Spark of its own: python analysis.py PARAMS.json (`-` reads standard input).

PARAMS is what the builder makes for the program `analysis` or `posts`, and `stopWordLists` {language: [words]}.
"""
import base64
import json
import sys
import zlib

from pyspark.sql import SparkSession

from analytica_spark import programs


def main(path):
    with sys.stdin if path == '-' else open(path, encoding='utf-8') as file:
        params = json.load(file)
    spark = SparkSession.builder.appName('analytica').getOrCreate()
    try:
        spark.sparkContext.setJobGroup(params['run'], 'Twitter Analytica', interruptOnCancel=True)
        reply = programs.answer(spark, params, params.get('stopWordLists', {}))
        text = reply.get('piece', '')
        while reply.get('more'):
            reply = programs.answer(spark, {'program': 'more', 'run': params['run']}, {})
            text += reply['piece']
        value = json.loads(zlib.decompress(base64.b64decode(text))) if text else reply
        json.dump(value, sys.stdout, ensure_ascii=False)
    finally:
        spark.stop()


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
