"""Options: Livy's own keys with Livy's own defaults, so that one `--conf KEY=VALUE` serves the real server and this one."""
import re
from dataclasses import dataclass, field

VERSIONS = {'0.8': '0.8.0', '0.9': '0.9.0', '0.8.0': '0.8.0', '0.9.0': '0.9.0'}

DEFAULTS = {
    'livy.server.csrf-protection.enabled': 'true',
    'livy.server.session.max-creation': '100',
    'livy.server.session.timeout': '1h',
    'livy.server.session.timeout-check': 'true',
    'livy.server.session.timeout-check.skip-busy': 'false',
    'livy.server.session.ttl': '8h',
    'livy.server.session.ttl-check': 'false',
    'livy.server.session.state-retain.sec': '600s',
    'livy.server.heartbeat-watchdog.interval': '1m',
    'livy.spark.master': 'local[2]',
    'livy.rsc.retained-statements': '100',
    'livy.rsc.job-cancel.timeout': '30s',
    'livy.rsc.rpc.max.size': str(50 * 1024 * 1024),
    'livy.rsc.client.shutdown-timeout': '10s',
    # The stand-in's own: Livy sweeps every 60 s, drops idle connections after 30 s, waits 120 s for a lost reply.
    'stand-in.sweep-interval': '60s',
    'stand-in.keep-alive': '30s',
    'stand-in.lost-reply': '120s',
}

SPARK_DEFAULTS = {
    'spark.ui.enabled': 'false',
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.driver.memory': '512m',
    'spark.driver.extraJavaOptions': '-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+ExitOnOutOfMemoryError',
    'spark.sql.catalogImplementation': 'in-memory',
    'spark.ui.showConsoleProgress': 'false',
}

_UNITS = {'us': 1e-6, 'ms': 1e-3, 's': 1, 'm': 60, 'min': 60, 'h': 3600, 'd': 86400}
_TIME = re.compile(r'(-?[0-9]+)([a-z]+)?')


def seconds(text):
    """Seconds of `30s`, `2m`, `1h` ...; a bare number is milliseconds, as in Livy. ValueError for anything else."""
    match = _TIME.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError('Invalid time string: %s' % text)
    unit = match.group(2)
    if unit is not None and unit not in _UNITS:
        raise ValueError('Invalid suffix: "%s"' % unit)
    return int(match.group(1)) * _UNITS[unit or 'ms']


@dataclass(frozen=True)
class Options:
    port: int = 0
    version: str = '0.9.0'
    orphans: bool = False
    livy: dict = field(default_factory=dict)
    spark: dict = field(default_factory=dict)

    def text(self, key):
        return self.livy.get(key, DEFAULTS[key])

    def flag(self, key):
        return self.text(key).lower() == 'true'

    def number(self, key):
        return int(self.text(key))

    def seconds(self, key):
        return seconds(self.text(key))


def with_conf(pairs, **more):
    """Options from `KEY=VALUE` strings; ValueError for a key that is neither Spark's nor known here."""
    livy, spark = {}, dict(SPARK_DEFAULTS)
    for pair in pairs:
        key, equals, value = pair.partition('=')
        if not equals:
            raise ValueError('--conf takes KEY=VALUE, not %r' % pair)
        if key.startswith('spark.'):
            spark[key] = value
        elif key in DEFAULTS:
            livy[key] = value
        else:
            raise ValueError('The stand-in does not know %s; it knows %s and spark.*' % (key, ', '.join(DEFAULTS)))
    options = Options(livy=livy, spark=spark, **more)
    for key in DEFAULTS:
        if DEFAULTS[key].rstrip('smh') != DEFAULTS[key]:
            options.seconds(key)
    return options
