"""A stand-in for Apache Livy, for development and tests: its REST protocol over real Spark. Never for production.

    PYTHON-WITH-PYSPARK tools/livy-stand-in/main.py [--port N] [--manners 0.8|0.9] [--conf KEY=VALUE]... [--orphans]
"""
import argparse
import signal
import sys
import threading

from http_api import Server
from log import say
from options import VERSIONS, with_conf
from sessions import Sessions


def arguments(argv):
    parser = argparse.ArgumentParser(prog='livy-stand-in', description=__doc__.split('\n')[0])
    parser.add_argument('--port', type=int, default=8998, help='on 127.0.0.1; 0 takes a free one')
    parser.add_argument('--manners', choices=sorted(VERSIONS), default='0.9', help='the Livy version to behave like')
    parser.add_argument('--conf', action='append', default=[], metavar='KEY=VALUE', help="Livy's keys, or spark.*")
    parser.add_argument('--orphans', action='store_true', help='as Livy: what a busy session does outlives the server')
    return parser, parser.parse_args(argv)


def main(argv):
    parser, asked = arguments(argv)
    try:
        options = with_conf(asked.conf, port=asked.port, version=VERSIONS[asked.manners], orphans=asked.orphans)
    except ValueError as error:
        parser.error(str(error))
    try:
        import pyspark
    except ImportError:
        parser.error('this Python has no PySpark: run it with the one that tools/livy/ensure-spark.sh prints')
    sessions = Sessions(options)
    try:
        server = Server(options, sessions)
    except OSError as error:
        parser.exit(2, 'Cannot listen on 127.0.0.1:%d: %s\n' % (options.port, error))
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopped.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say('stands in for Livy %s over PySpark %s' % (options.version, pyspark.__version__))
    say('listening on http://127.0.0.1:%d' % server.server_address[1])
    stopped.wait()
    say('stopping')
    server.shutdown()
    sessions.close()
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
