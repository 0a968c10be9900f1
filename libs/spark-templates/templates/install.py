"""Brings the package `analytica_spark` and the stop words into a session, in place of any other version of it."""
import sys
import types


def install(digest, modules, stop_words):
    if 'analytica_spark.state' in sys.modules:
        sys.modules['analytica_spark.state'].kept_of(None)
    for name in [name for name in sys.modules if name.split('.')[0] == 'analytica_spark']:
        del sys.modules[name]
    for name, source in modules:
        module = types.ModuleType(name)
        module.__file__ = name.replace('.', '/') + '.py'
        if name == 'analytica_spark':
            module.__path__ = []
        sys.modules[name] = module
        exec(compile(source, module.__file__, 'exec'), module.__dict__)
        parent, _, child = name.rpartition('.')
        if parent:
            setattr(sys.modules[parent], child, module)
    package = sys.modules['analytica_spark']
    answer = sys.modules['analytica_spark.programs'].answer
    package.answer = lambda spark, params: answer(spark, params, stop_words)
    package.digest = digest


install(params['digest'], params['modules'], params['stopWords'])  # noqa: F821
result = params['digest']  # noqa: F821
