"""Runs one of the programs in a session that has them, or says that it has not (`install.py` then brings them)."""
import sys

_package = sys.modules.get('analytica_spark')
if getattr(_package, 'digest', None) == params['digest']:  # noqa: F821
    result = _package.answer(spark, params)  # noqa: F821
else:
    result = {'missing': params['digest']}  # noqa: F821
