"""One session as the server sees it: its driver's process, the state, and the calls to it."""
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque

from channel import Channel, TooLarge
from log import say
from options import seconds

FINISHED = ('dead', 'killed', 'error', 'success')
INACTIVE = ('dead', 'killed', 'error', 'success', 'shutting_down')


CANCELLED = 'java.util.concurrent.CancellationException'
CLOSED = 'java.io.IOException: RPC channel is closed.'
GRACE_SECONDS = 2
NOTICE_SECONDS = 0.1


class ServerError(Exception):
    """Answered with 500 and this text."""


class NotActive(Exception):
    """Answered with 400 and this text."""


class Session:
    def __init__(self, number, request, options):
        self.number, self.request, self.options = number, request, options
        self.name = request.get('name')
        self.application = None
        self.lines = deque(['stdout: ', '\nstderr: '], maxlen=200)
        self.born = self._active = time.monotonic()
        self.ended = None
        self._heartbeat = time.monotonic()
        self._server_state = 'starting'  # Livy's: starting, running, shutting_down, dead, error
        self._driver_state = None  # the state that the driver reported last
        self._calls, self._count = {}, 0
        self._lock = threading.Lock()
        self._lost = False
        self._process = None
        self._channel = None

    def start(self):
        here = os.path.dirname(os.path.abspath(__file__))
        ours, theirs = socket.socketpair()
        largest = self.options.number('livy.rsc.rpc.max.size')
        spark = dict(self.options.spark, **self.request.get('conf') or {})
        # As in Livy, the server's master wins over the request's.
        spark['spark.master'] = self.options.text('livy.spark.master')
        if self.request.get('driverMemory'):
            spark['spark.driver.memory'] = self.request['driverMemory']
        settings = {
            'descriptor': theirs.fileno(),
            'largest_message': largest,
            'name': self.name or 'livy-session-%d' % self.number,
            'spark': spark,
            'version': self.options.version,
            'stays': self.options.orphans,
            'retained_statements': self.options.number('livy.rsc.retained-statements'),
            'cancel_seconds': self.options.seconds('livy.rsc.job-cancel.timeout'),
        }
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, os.path.join(here, 'driver.py'), json.dumps(settings)],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                pass_fds=[theirs.fileno()], start_new_session=True,
            )
        self._channel = Channel(ours, largest)
        for work in (self._read_log, self._read_messages, self._watch):
            threading.Thread(target=work, daemon=True).start()

    # What the driver tells

    def _read_log(self):
        with self._process.stdout as output:
            for line in output:
                self.lines.append(line.decode('utf-8', 'replace').rstrip('\n'))

    def _read_messages(self):
        while True:
            message = self._channel.receive()
            if message is None:
                break
            if 'reply' in message:
                with self._lock:
                    call = self._calls.pop(message['reply'], None)
                if call is not None:
                    call.end(message['value'])
            elif message['event'] == 'ready':
                self.application = message['application']
                self._to('running')
                self._driver_state = 'idle'
                say('session %d is idle, application %s' % (self.number, self.application))
            else:
                self._driver_state = message['state']
                self._active = time.monotonic()
        self._lost = True
        self._channel.close()

    def _watch(self):
        code = self._process.wait()
        self._lost = True
        # Livy learns of it a moment later; until then calls are cancelled.
        time.sleep(NOTICE_SECONDS)
        self._to('dead')
        with self._lock:
            calls, self._calls = list(self._calls.values()), {}
        for call in calls:
            call.fail(CANCELLED)
        say('driver of session %d ended with code %s' % (self.number, code))
        if not self.options.orphans:
            time.sleep(GRACE_SECONDS)
            self._kill_group()  # what a driver that was killed could not end

    def _to(self, state):
        with self._lock:
            if self._server_state in INACTIVE and state not in INACTIVE or self._server_state == 'dead':
                return
            self._server_state = state
            if state in FINISHED:
                self.ended = time.monotonic()

    # What the client asks

    @property
    def state(self):
        if self._server_state == 'running':
            return self._driver_state or 'busy'
        return self._server_state

    @property
    def process_id(self):
        return self._process.pid

    def beat(self):
        self._heartbeat = time.monotonic()

    def touch(self):
        self._active = time.monotonic()

    def submit(self, code):
        self._running()
        self.touch()
        return self._call('submit', code)

    def cancel(self, number):
        self._running()
        self.touch()
        self._call('cancel', number)

    def statement(self, number):
        self._active_or_raise()
        return self._call('get', number)

    def statements(self):
        self._active_or_raise()
        return self._call('all')

    def _running(self):
        if self._server_state != 'running':
            raise ServerError('java.lang.IllegalStateException: Session is in state %s' % self._server_state)

    def _active_or_raise(self):
        if self._server_state in INACTIVE:
            raise NotActive("requirement failed: Session isn't active.")
        if self._server_state != 'running':
            self._wait_until_up()

    def _wait_until_up(self):
        while self._server_state == 'starting':
            time.sleep(0.02)
        if self._server_state in INACTIVE:
            raise NotActive("requirement failed: Session isn't active.")

    def _call(self, method, *arguments):
        if self._lost:
            ended = self._wait_for_end(NOTICE_SECONDS)
            raise ServerError(CANCELLED if ended else CLOSED)
        call = _Call()
        with self._lock:
            self._count += 1
            number = self._count
            self._calls[number] = call
        try:
            self._channel.send({'number': number, 'method': method, 'arguments': arguments})
        except (OSError, TooLarge):
            self._lost = True
            raise ServerError(CLOSED) from None
        return call.wait(self.options.seconds('stand-in.lost-reply'))

    # The end

    def expired(self, now):
        """Why this session is to go, or None. Idle time counts while starting and busy, as in Livy."""
        options = self.options
        if self.state in FINISHED:
            kept = options.seconds('livy.server.session.state-retain.sec')
            return 'it ended before %g s' % kept if now - (self.ended or self._active) > kept else None
        if not options.flag('livy.server.session.timeout-check'):
            return None
        if self.state == 'busy' and options.flag('livy.server.session.timeout-check.skip-busy'):
            return None
        idle = self.request.get('ttl' if options.version == '0.8.0' else 'idleTimeout')
        limit = seconds_or(idle, options.seconds('livy.server.session.timeout'))
        if now - self._active > limit:
            return 'it was inactive for more than %g s' % limit
        if options.version != '0.8.0' and options.flag('livy.server.session.ttl-check'):
            life = seconds_or(self.request.get('ttl'), options.seconds('livy.server.session.ttl'))
            if now - self.born > life:
                return 'it lived for more than %g s' % life
        return None

    def heartbeat_missed(self, now):
        allowed = self.request.get('heartbeatTimeoutInSecond') or 0
        return allowed > 0 and now - self._heartbeat > allowed

    def stop(self):
        """DELETE: an idle driver goes at once, a busy one after the shutdown timeout."""
        busy = self.state == 'busy'
        self._to('shutting_down')
        self._tell_stop(even_busy=not busy)
        if busy:
            self._wait_for_end(self.options.seconds('livy.rsc.client.shutdown-timeout'))
        if not (self._lost and self.options.orphans):
            self._tell_stop(even_busy=True)
            if not self._wait_for_end(10):
                self._kill_group()
        self._to('dead')

    def leave(self):
        """The server goes, and the driver with it; with orphans, as with Livy, what a busy driver's Python does outlives both."""
        busy = self.state == 'busy'
        self._tell_stop(even_busy=not self.options.orphans)
        if not self.options.orphans:
            if not self._wait_for_end(10):
                self._kill_group()
        elif not self._wait_for_end(self.options.seconds('livy.rsc.client.shutdown-timeout') if busy else 10):
            self._process.kill()

    def _tell_stop(self, even_busy):
        try:
            self._channel.send({'method': 'stop', 'even_busy': even_busy})
        except OSError:
            pass

    def _wait_for_end(self, limit):
        try:
            self._process.wait(limit)
            return True
        except subprocess.TimeoutExpired:
            return False

    def _kill_group(self):
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except OSError:
            pass


class _Call:
    """A reply that is awaited."""

    def __init__(self):
        self._done = threading.Event()
        self._value = self._failure = None

    def end(self, value):
        self._value = value
        self._done.set()

    def fail(self, text):
        self._failure = text
        self._done.set()

    def wait(self, limit):
        if not self._done.wait(limit):
            raise ServerError('java.util.concurrent.TimeoutException')
        if self._failure is not None:
            raise ServerError(self._failure)
        return self._value


def seconds_or(text, default):
    return default if text is None else seconds(text)
