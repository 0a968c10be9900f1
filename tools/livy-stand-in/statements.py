"""The statements of one session inside its driver: one at a time, each in two requests, cancel by job group."""
import queue
import threading
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

from python_child import error

DIED = 'Interpreter died:\n'
CANCEL_EVERY_SECONDS = 0.1
# Now and then Livy's server hears of `idle` a moment after the statement was `available`.
LATE_EVERY = 40
LATE_SECONDS = 0.03
TORN_EVERY = 50


def _now():
    return int(time.time() * 1000)


class Statement:
    def __init__(self, number, code):
        self.number, self.code = number, code
        self.state, self.output, self.progress = 'waiting', None, 0.0
        self.started = self.completed = 0
        self._torn = number % TORN_EVERY == TORN_EVERY - 1
        self._lock = threading.Lock()

    def move(self, before, after):
        with self._lock:
            if self.state != before:
                return False
            self.state = after
            return True

    def view(self):
        # Now and then Livy's server reads a statement while the driver ends it: available, and no output yet.
        torn = self._torn and self.state == 'available'
        self._torn = self._torn and not torn
        return {
            'id': self.number, 'code': self.code, 'state': self.state, 'output': None if torn else self.output,
            'progress': self.progress, 'started': self.started, 'completed': self.completed,
        }


class Statements:
    """`spark` cancels and measures job groups, `start_child` starts the Python, `on_state` hears idle, busy, error."""

    def __init__(self, spark, start_child, on_state, retained=100, cancel_seconds=30.0):
        self._spark, self._start_child, self._on_state = spark, start_child, on_state
        self._retained, self._cancel_seconds = retained, cancel_seconds
        self._kept = OrderedDict()
        self._next = 0
        self._turn = 0
        self._lock = threading.Lock()
        self._queue = queue.SimpleQueue()
        self._cancels = ThreadPoolExecutor(1)
        self.child = None
        self.state = 'idle'
        threading.Thread(target=self._work, daemon=True).start()

    def submit(self, code):
        with self._lock:
            statement = Statement(self._next, code)
            self._next += 1
            self._kept[statement.number] = statement
            while len(self._kept) > self._retained:
                self._kept.popitem(last=False)
        self._queue.put(statement)
        return statement.view()

    def get(self, number):
        with self._lock:
            statement = self._kept.get(number)
        return None if statement is None else self._view(statement)

    def all(self):
        with self._lock:
            kept = list(self._kept.values())
        return [self._view(statement) for statement in kept]

    def _view(self, statement):
        if statement.state not in ('running', 'cancelling'):
            return statement.view()
        progress = self._spark.progress(str(statement.number))
        view = statement.view()
        # It may have ended meanwhile.
        return dict(view, progress=progress) if view['state'] in ('running', 'cancelling') else view

    def cancel(self, number):
        with self._lock:
            statement = self._kept.get(number)
        if statement is None:
            return
        if statement.move('waiting', 'cancelled'):
            statement.progress, statement.completed = 1.0, _now()
        elif statement.move('running', 'cancelling'):
            self._cancels.submit(self._cancel, statement)

    def _cancel(self, statement):
        """Spark's jobs stop at once; Python that runs no job is given up after a while, and runs on."""
        deadline = time.monotonic() + self._cancel_seconds
        while statement.state == 'cancelling':
            if time.monotonic() > deadline:
                statement.progress, statement.completed = 1.0, _now()
                statement.move('cancelling', 'cancelled')
            else:
                self._spark.cancel(str(statement.number))
                time.sleep(CANCEL_EVERY_SECONDS)

    def _work(self):
        while True:
            self._run(self._queue.get())

    def _run(self, statement):
        group = str(statement.number)
        self._execute(statement, 'sc.setJobGroup("%s", "Job group for statement %s")' % (group, group))
        if statement.move('waiting', 'running'):
            statement.started = _now()
            statement.output = self._execute(statement, statement.code)
            statement.completed = _now()
        statement.progress = 1.0
        if not statement.move('running', 'available'):
            statement.move('cancelling', 'cancelled')

    def _execute(self, statement, code):
        self._to('busy')
        count = {'execution_count': statement.number}
        try:
            if self.child is None:
                self.child = self._start_child()
            answer = self.child.execute(code)
        except Exception as failure:
            answer = error('Internal Error: ' + type(failure).__name__, str(failure))
        if answer is None:
            self._to('error')
            answer = error('Error', DIED + self.child.take_errors())
            return {'status': answer['status'], **count, **answer}
        with self._lock:
            last = statement.number == self._next - 1
        if last:
            self._to('idle')
        return {'status': answer['status'], **count, **answer}

    def _to(self, state):
        self.state = state
        self._turn += 1
        if state == 'idle' and self._turn % LATE_EVERY == 0:
            threading.Timer(LATE_SECONDS, self._tell_late, (self._turn,)).start()
        else:
            self._on_state(state)

    def _tell_late(self, turn):
        if turn == self._turn:
            self._on_state('idle')
