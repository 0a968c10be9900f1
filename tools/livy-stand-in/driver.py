"""A session's driver: one process that owns the JVM and the Python child, and answers the server over a socket.

Started by the server as `driver.py SETTINGS-AS-JSON`, the socket's descriptor among them.
"""
import json
import os
import signal
import socket
import sys
import threading

from channel import Channel, TooLarge
from log import say
from python_child import PythonChild
from spark_context import SparkJvm, SparkStartError
from statements import Statements


class Driver:
    def __init__(self, settings):
        self._settings = settings
        end = socket.socket(fileno=settings['descriptor'])
        self._channel = Channel(end, settings['largest_message'])
        self._statements = None
        self._spark = None

    def run(self):
        # Requests are read while Spark starts: a driver whose server is gone must not go on starting.
        threading.Thread(target=self._start, daemon=True).start()
        while True:
            request = self._channel.receive()
            if request is None:
                self._alone()
                return
            if request['method'] == 'stop':
                if self._stop(request['even_busy']):
                    return
                continue
            self._answer(request)

    def _start(self):
        try:
            self._spark = SparkJvm(self._settings['spark'], self._settings['name'])
        except SparkStartError as failure:
            say(failure)
            self._end(1)
        say('application %s is up' % self._spark.application_id)
        self._statements = Statements(
            self._spark,
            lambda: PythonChild(self._spark.environment(self._settings['version'])),
            lambda state: self._tell({'event': 'state', 'state': state}),
            self._settings['retained_statements'],
            self._settings['cancel_seconds'],
        )
        self._tell({'event': 'ready', 'application': self._spark.application_id})
        # Out of memory, a kill: a driver without its JVM is dead.
        say('Spark ended with code %s' % self._spark.process.wait())
        self._end(1)

    def _answer(self, request):
        method, arguments = request['method'], request['arguments']
        calls = {
            'submit': self._statements.submit,
            'get': self._statements.get,
            'all': self._statements.all,
            'cancel': self._statements.cancel,
        }
        self._tell({'reply': request['number'], 'value': calls[method](*arguments)})

    def _tell(self, message):
        try:
            self._channel.send(message)
        except TooLarge as failure:
            # Livy's way: the channel is gone, the driver is not.
            say('%s The channel is closed.' % failure)
            self._settings['stays'] = True
            self._channel.close()
        except OSError:
            pass

    def _stop(self, even_busy):
        if self._statements is not None and self._statements.state == 'busy' and not even_busy:
            return False
        self._end(0)
        return True

    def _alone(self):
        """The server is gone, or the channel."""
        if not self._settings['stays']:
            self._end(0)
        say('driver stays without a server')
        signal.pause()

    def _end(self, code):
        if self._statements is not None and self._statements.child is not None:
            self._statements.child.kill()
        if self._spark is not None:
            self._spark.close()
        os._exit(code)


if __name__ == '__main__':
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Driver(json.loads(sys.argv[1])).run()
