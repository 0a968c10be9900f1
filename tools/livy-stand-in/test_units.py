"""Rules that need no Spark."""
import json
import threading
import time
import unittest

import magics
from options import seconds, with_conf
from python_child import read_reply
from session import Session
from sessions import Rejected, Sessions
from statements import Statements


class Time(unittest.TestCase):
    def test_units(self):
        self.assertEqual([seconds(text) for text in ('30s', '2m', '1h', '500', '7d')], [30, 120, 3600, 0.5, 604800])

    def test_refuses(self):
        for text in ('15x', '', 's', '1.5s'):
            with self.assertRaises(ValueError):
                seconds(text)

    def test_unknown_key_is_refused(self):
        with self.assertRaises(ValueError):
            with_conf(['livy.server.nonsense=1'])
        with self.assertRaises(ValueError):
            with_conf(['livy.server.session.timeout=soon'])


class Replies(unittest.TestCase):
    def test_ok(self):
        line = json.dumps({'msg_type': 'execute_reply', 'content': {'status': 'ok', 'data': {'text/plain': '2'}}})
        self.assertEqual(read_reply(line), {'status': 'ok', 'data': {'text/plain': '2'}})

    def test_stray_line(self):
        answer = read_reply('x\n')
        self.assertEqual(answer['ename'], 'com.fasterxml.jackson.core.JsonParseException')
        self.assertTrue(answer['evalue'].startswith("Unrecognized token 'x'"))

    def test_json_that_is_no_reply(self):
        self.assertEqual(read_reply('5')['status'], 'error')
        self.assertEqual(read_reply('{"content": 1}')['status'], 'error')

    def test_not_a_number(self):
        self.assertIn("Non-standard token 'NaN'", read_reply('{"content": {"data": NaN}}')['evalue'])

    def test_string_over_the_limit(self):
        def line(length):
            return json.dumps({'content': {'status': 'ok', 'data': {'text/plain': 'x' * length}}})

        self.assertEqual(read_reply(line(20_000_000))['status'], 'ok')
        answer = read_reply(line(20_000_001))
        self.assertEqual(answer['ename'], 'com.fasterxml.jackson.core.exc.StreamConstraintsException')


class Tables(unittest.TestCase):
    def test_types_and_nulls(self):
        table = magics.table_magic([(1, 'a'), (2, None)])['application/vnd.livy.table.v1+json']
        self.assertEqual([header['type'] for header in table['headers']], ['INT_TYPE', 'STRING_TYPE'])
        self.assertEqual(table['data'], [[1, 'a'], [2, None]])


class FakeSpark:
    def __init__(self):
        self.cancelled = threading.Event()

    def cancel(self, _group):
        self.cancelled.set()

    def progress(self, _group):
        return 0.5


class FakeChild:
    """Remembers requests; `wait` blocks until `release`, `die` ends it."""

    def __init__(self):
        self.requests, self.release, self.dead = [], threading.Event(), False

    def execute(self, code):
        self.requests.append(code)
        if code == 'wait':
            self.release.wait(10)
        self.dead = self.dead or code == 'die'
        return None if self.dead else {'status': 'ok', 'data': {'text/plain': code}}

    def take_errors(self):
        return ''


def wait_for(condition, limit=5.0):
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError('not reached')
        time.sleep(0.01)


class StatementRules(unittest.TestCase):
    def setUp(self):
        self.spark, self.child, self.states = FakeSpark(), FakeChild(), []

    def make(self, **more):
        return Statements(self.spark, lambda: self.child, self.states.append, **more)

    def state(self, statements, number):
        return statements.get(number)['state']

    def test_two_requests_a_statement(self):
        statements = self.make()
        self.assertEqual(statements.submit('1+1')['state'], 'waiting')
        wait_for(lambda: self.state(statements, 0) == 'available')
        self.assertEqual(self.child.requests, ['sc.setJobGroup("0", "Job group for statement 0")', '1+1'])
        output = statements.get(0)['output']
        self.assertEqual(output, {'status': 'ok', 'data': {'text/plain': '1+1'}, 'execution_count': 0})
        self.assertEqual(self.states[-1], 'idle')

    def test_only_the_last_are_kept(self):
        statements = self.make(retained=2)
        for _ in range(3):
            statements.submit('x')
        self.assertIsNone(statements.get(0))
        self.assertEqual([view['id'] for view in statements.all()], [1, 2])

    def test_a_dead_child_is_an_error_for_ever(self):
        statements = self.make()
        statements.submit('die')
        statements.submit('x')
        wait_for(lambda: self.state(statements, 1) == 'available')
        self.assertEqual(statements.get(1)['output']['evalue'], 'Interpreter died:\n')
        self.assertEqual(statements.state, 'error')

    def test_cancel_of_a_waiting_statement(self):
        statements = self.make()
        statements.submit('wait')
        statements.submit('x')
        statements.cancel(1)
        self.assertEqual(self.state(statements, 1), 'cancelled')
        self.child.release.set()
        wait_for(lambda: self.state(statements, 0) == 'available')
        statements.submit('y')
        wait_for(lambda: self.state(statements, 2) == 'available')
        self.assertNotIn('x', self.child.requests)

    def test_cancel_of_python_is_given_up_and_the_next_waits(self):
        statements = self.make(cancel_seconds=0.2)
        statements.submit('wait')
        wait_for(lambda: self.state(statements, 0) == 'running')
        self.assertEqual(statements.get(0)['progress'], 0.5)
        statements.cancel(0)
        self.assertEqual(self.state(statements, 0), 'cancelling')
        self.assertTrue(self.spark.cancelled.wait(2))
        wait_for(lambda: self.state(statements, 0) == 'cancelled')
        statements.submit('x')
        time.sleep(0.1)
        self.assertEqual(self.state(statements, 1), 'waiting')
        self.child.release.set()
        wait_for(lambda: self.state(statements, 1) == 'available')
        self.assertEqual(self.state(statements, 0), 'cancelled')

    def test_cancel_of_what_is_not_there(self):
        self.make().cancel(7)


class FakeSession(Session):
    def start(self):
        pass

    def stop(self):
        self._to('dead')

    leave = stop


class SessionRules(unittest.TestCase):
    def sessions(self, *conf, version='0.9.0'):
        sessions = Sessions(with_conf(conf, version=version), FakeSession)
        self.addCleanup(sessions.close)
        return sessions

    def test_a_refused_creation_uses_its_id_up(self):
        sessions = self.sessions()
        self.assertEqual(sessions.create({'name': 'a'}).number, 0)
        for name in ('a', '12', ''):
            with self.assertRaises(Rejected):
                sessions.create({'name': name})
        self.assertEqual(sessions.create({}).number, 4)
        self.assertIs(sessions.find('a'), sessions.find('0'))

    def test_a_name_is_free_again_after_delete(self):
        sessions = self.sessions()
        sessions.delete(sessions.create({'name': 'a'}))
        self.assertEqual(sessions.create({'name': 'a'}).number, 1)

    def test_creations_are_limited(self):
        sessions = self.sessions('livy.server.session.max-creation=1')
        sessions.create({})
        with self.assertRaisesRegex(Rejected, 'too many sessions'):
            sessions.create({})

    def test_idle_time_counts_while_busy(self):
        for skip, gone in (('false', True), ('true', False)):
            sessions = self.sessions('livy.server.session.timeout-check.skip-busy=' + skip)
            session = sessions.create({'idleTimeout': '15s'})
            session._to('running')
            session._driver_state = 'busy'
            now = time.monotonic()
            self.assertIsNone(session.expired(now + 10))
            self.assertEqual(session.expired(now + 20) is not None, gone)

    def test_ttl_is_the_idle_time_of_0_8_and_inert_in_0_9(self):
        later = time.monotonic() + 20
        self.assertIsNotNone(self.sessions(version='0.8.0').create({'ttl': '15s'}).expired(later))
        self.assertIsNone(self.sessions().create({'ttl': '15s'}).expired(later))
        checked = self.sessions('livy.server.session.ttl-check=true').create({'ttl': '15s'})
        checked.touch()
        self.assertIsNotNone(checked.expired(later))

    def test_heartbeat(self):
        session = self.sessions().create({'heartbeatTimeoutInSecond': 5})
        self.assertTrue(session.heartbeat_missed(time.monotonic() + 6))
        self.assertFalse(self.sessions().create({}).heartbeat_missed(time.monotonic() + 6))


if __name__ == '__main__':
    unittest.main()
