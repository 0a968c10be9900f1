"""All sessions: ids, names, the limit on creations, and the sweeps that end what is idle, old or forgotten."""
import threading
import time

from log import say
from options import seconds
from session import Session


class Rejected(Exception):
    """Answered with 400 and this text."""


class Sessions:
    def __init__(self, options, make=Session):
        self._options, self._make = options, make
        self._by_id = {}
        self._next = 0
        self._lock = threading.RLock()
        self._closed = threading.Event()
        for interval, sweep in (
            (options.seconds('stand-in.sweep-interval'), self.sweep),
            (options.seconds('livy.server.heartbeat-watchdog.interval'), self.sweep_heartbeats),
        ):
            threading.Thread(target=self._repeat, args=(interval, sweep), daemon=True).start()

    def create(self, request):
        with self._lock:
            starting = sum(session.state == 'starting' for session in self._by_id.values())
            if starting >= self._options.number('livy.server.session.max-creation'):
                raise Rejected('Rejected, too many sessions are being created!')
            number = self._next
            self._next += 1  # a refused request uses its id up, as in Livy
            try:
                self._check(number, request)
            except ValueError as error:
                raise Rejected('Rejected, Reason: %s' % error) from None
            session = self._make(number, request, self._options)
            self._by_id[number] = session
            session.start()
        say('session %d, name %s, is starting' % (number, session.name))
        return session

    def _check(self, number, request):
        for key in ('ttl', 'idleTimeout'):
            if request.get(key) is not None:
                seconds(request[key])
        name = request.get('name')
        if name is None:
            return
        if all('0' <= letter <= '9' for letter in name):
            raise ValueError('Invalid session name: %s' % name)
        if any(session.name == name for session in self._by_id.values()):
            raise ValueError('Duplicate session name: Some(%s) for session %d' % (name, number))

    def find(self, id_or_name):
        with self._lock:
            if id_or_name.isdecimal():
                return self._by_id.get(int(id_or_name))
            return next((session for session in self._by_id.values() if session.name == id_or_name), None)

    def all(self):
        with self._lock:
            return list(self._by_id.values())

    def delete(self, session):
        session.stop()
        with self._lock:
            self._by_id.pop(session.number, None)
        say('session %d is deleted' % session.number)

    def sweep(self):
        now = time.monotonic()
        for session in self.all():
            reason = session.expired(now)
            if reason is not None:
                say('session %d goes: %s' % (session.number, reason))
                threading.Thread(target=self.delete, args=(session,), daemon=True).start()

    def sweep_heartbeats(self):
        for session in self.all():
            if session.heartbeat_missed(time.monotonic()):
                say('session %d goes: no heartbeat' % session.number)
                threading.Thread(target=self.delete, args=(session,), daemon=True).start()

    def _repeat(self, interval, sweep):
        while not self._closed.wait(interval):
            sweep()

    def close(self):
        """The server ends."""
        self._closed.set()
        leaving = [threading.Thread(target=session.leave) for session in self.all()]
        for thread in leaving:
            thread.start()
        for thread in leaving:
            thread.join()
