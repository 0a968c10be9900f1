"""The REST surface over real Spark: one server in the manners of 0.9, and one of 0.8."""
import http.client
import json
import time
import unittest

import threading

from http_api import Server
from options import with_conf
from sessions import Sessions

HEADERS = {'X-Requested-By': 'test', 'Content-Type': 'application/json'}


class Client:
    def __init__(self, *conf, version='0.9.0'):
        options = with_conf(conf, version=version)
        self.sessions = Sessions(options)
        self.server = Server(options, self.sessions)
        self.address = self.server.server_address
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.sessions.close()

    def raw(self, method, path, body=None, headers=HEADERS):
        connection = http.client.HTTPConnection(*self.address, timeout=120)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response, text

    def call(self, method, path, body=None):
        response, text = self.raw(method, path, None if body is None else json.dumps(body))
        return response.status, json.loads(text) if text else None

    def get(self, path):
        return self.call('GET', path)

    def wait(self, path, states):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            status, body = self.get(path)
            if status == 200 and body['state'] in states:
                return body
            time.sleep(0.02)
        raise AssertionError('%s is %s' % (path, body))

    def session(self, **request):
        status, body = self.call('POST', '/sessions', dict({'kind': 'pyspark'}, **request))
        assert status == 201, body
        path = '/sessions/%d' % body['id']
        self.wait(path, ('idle',))
        return path

    def submit(self, session, code):
        status, body = self.call('POST', session + '/statements', {'code': code})
        assert status == 201, body
        return '%s/statements/%d' % (session, body['id'])

    def run(self, session, code):
        return self.wait(self.submit(session, code), ('available', 'cancelled'))['output']

    def text(self, session, code):
        output = self.run(session, code)
        assert output['status'] == 'ok', output
        return output['data']['text/plain']


class Manners09(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = Client(
            'livy.rsc.retained-statements=5',
            'livy.rsc.job-cancel.timeout=1s',
            'livy.rsc.client.shutdown-timeout=1s',
            'stand-in.keep-alive=1s',
            'stand-in.lost-reply=2s',
            'livy.rsc.rpc.max.size=2000000',
        )

    @classmethod
    def tearDownClass(cls):
        cls.client.close()

    def session(self, **request):
        path = self.client.session(**request)
        self.addCleanup(self.client.call, 'DELETE', path)
        return path

    def test_version_names_the_stand_in(self):
        body = self.client.get('/version')[1]
        self.assertEqual((body['version'], body['user']), ('0.9.0-incubating', 'livy-stand-in'))

    def test_forgery_protection_answers_html(self):
        response, text = self.client.raw('POST', '/sessions', '{}', {'Content-Type': 'application/json'})
        self.assertEqual(response.status, 400)
        self.assertIn('text/html', response.getheader('Content-Type'))
        self.assertIn('Missing Required Header', text)

    def test_what_is_refused(self):
        get, call = self.client.get, self.client.call
        self.assertEqual(get('/sessions/77'), (404, {'msg': "Session '77' not found."}))
        self.assertEqual(get('/sessions?from=x'), (400, {'msg': 'For input string: "x"'}))
        self.assertEqual(get('/nowhere')[0], 404)
        self.assertEqual(call('PUT', '/sessions/0')[0], 405)
        status, text = call('POST', '/sessions', {'kind': 'pyspark', 'bogus': 1})
        self.assertEqual(status, 400)
        self.assertTrue(text.startswith('Unrecognized field "bogus"'))
        self.assertEqual(call('POST', '/sessions', {'idleTimeout': '15x'})[0], 400)
        self.assertEqual(call('POST', '/sessions', {'conf': 'x'})[0], 400)

    def test_an_idle_connection_is_dropped(self):
        connection = http.client.HTTPConnection(*self.client.address, timeout=5)
        connection.request('GET', '/version')
        connection.getresponse().read()
        self.assertEqual(connection.sock.recv(1), b'')
        connection.close()

    def test_a_session_runs_code_on_spark(self):
        client, session = self.client, self.session(name='first', conf={'spark.master': 'local[7]'})
        self.assertEqual(client.get('/sessions/first')[1]['name'], 'first')
        self.assertEqual(client.call('POST', '/sessions', {'name': 'first'})[0], 400)
        self.assertEqual(client.text(session, 'spark.range(1000).count()'), '1000')
        # The server's master wins.
        self.assertEqual(client.text(session, "sc.getConf().get('spark.master')"), "'local[2]'")
        self.assertEqual(client.text(session, 'import sys; sys.stderr.write("err"); print("out")'), 'out\nerr')
        self.assertEqual(client.text(session, "spark.createDataFrame([(1,)], ['a']).count()"), '1')
        error = client.run(session, 'def f():\n  raise ValueError("boom")\nf()')
        self.assertEqual((error['ename'], error['evalue']), ('ValueError', 'boom'))
        self.assertEqual(
            error['traceback'],
            ['Traceback (most recent call last):\n', '  File "<stdin>", line 2, in f\n', 'ValueError: boom\n'],
        )
        self.assertEqual(client.run(session, 'x = (')['ename'], 'SyntaxError')
        client.run(session, 'x = {"a": [1]}')
        self.assertEqual(client.run(session, '%json x')['data'], {'application/json': {'a': [1]}})
        self.assertIn('msg_type', client.run(session, '%json nope')['data'])
        # Only the last five are kept.
        self.assertEqual(client.get(session + '/statements/0'), (404, 'Statement not found'))
        body = client.get(session + '/statements?from=1&size=2')[1]
        self.assertEqual((body['total_statements'], len(body['statements'])), (5, 2))
        self.assertEqual(client.call('POST', session + '/statements', {})[0], 500)

    def test_stray_lines_shift_the_replies(self):
        client = self.client
        session = self.session()
        client.run(session, 'import os')
        self.assertIn('JsonParseException', client.run(session, 'os.system("echo x")')['ename'])
        self.assertEqual(client.text(session, '1+1'), '')
        session = self.session()
        client.run(session, 'import os')
        self.assertIn('JsonParseException', client.run(session, 'os.system("echo x; echo y")')['ename'])
        self.assertEqual([client.text(session, repr(n)) for n in (2, 3, 4)], ['0', '2', '3'])

    def test_the_python_child_dies(self):
        client = self.client
        session = self.session()
        client.run(session, 'import datetime; d = datetime.datetime.now()')
        for code in ('%json d', '1'):
            output = client.run(session, code)
            self.assertEqual(output['ename'], 'Error')
            self.assertTrue(output['evalue'].startswith('Interpreter died:\n'))
        self.assertEqual(client.get(session)[1]['state'], 'error')

    def test_cancel(self):
        client, session = self.client, self.session()
        client.run(session, 'import time')
        job = client.submit(session, 'sc.parallelize(range(60), 60).map(lambda n: time.sleep(1)).count()')
        deadline = time.monotonic() + 60
        while client.get(job)[1]['progress'] == 0.0 and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertLess(client.get(job)[1]['progress'], 1.0)
        started = time.monotonic()
        self.assertEqual(client.call('POST', job + '/cancel'), (200, {'msg': 'canceled'}))
        client.wait(job, ('cancelled',))
        self.assertLess(time.monotonic() - started, 20)
        self.assertEqual(client.text(session, '1+1'), '2')
        # Pure Python sleeps on, and the next statement waits for it.
        sleep = client.submit(session, 'time.sleep(4)')
        client.wait(sleep, ('running',))
        client.call('POST', sleep + '/cancel')
        client.wait(sleep, ('cancelled',))
        self.assertEqual(client.get(client.submit(session, '2'))[1]['state'], 'waiting')
        started = time.monotonic()
        self.assertEqual(client.call('DELETE', session), (200, {'msg': 'deleted'}))
        self.assertLess(time.monotonic() - started, 20)

    def test_the_driver_is_killed(self):
        client, session = self.client, self.session()
        client.run(session, 'import os, signal, threading')
        client.submit(session, 'os.kill(os.getppid(), signal.SIGKILL)')
        client.wait(session, ('dead',))
        self.assertEqual(
            client.get(session + '/statements/0'), (400, {'msg': "requirement failed: Session isn't active."})
        )
        status, text = client.call('POST', session + '/statements', {'code': '1'})
        self.assertEqual((status, text), (500, 'java.lang.IllegalStateException: Session is in state dead'))
        self.assertEqual(client.call('DELETE', session), (200, {'msg': 'deleted'}))
        self.assertEqual(client.get(session)[0], 404)

    def test_a_reply_over_the_limit_closes_the_channel(self):
        client, session = self.client, self.session()
        client.run(session, 'v = ["x" * 1000] * 3000')
        statement = client.submit(session, '%json v')
        deadline = time.monotonic() + 30
        while client.get(statement)[0] == 200 and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual(client.get(session)[1]['state'], 'idle')
        for answer in (client.get(statement), client.call('POST', session + '/statements', {'code': '1'})):
            self.assertEqual(answer[0], 500)
            self.assertIn('RPC channel is closed', answer[1])


class Manners08(unittest.TestCase):
    def test_0_8(self):
        client = Client(version='0.8.0')
        self.addCleanup(client.close)
        self.assertEqual(client.get('/version')[1]['version'], '0.8.0-incubating')
        status, text = client.call('POST', '/sessions', {'kind': 'pyspark', 'idleTimeout': '15s'})
        self.assertEqual(status, 400)
        self.assertTrue(text.startswith('Unrecognized field "idleTimeout"'))
        status, body = client.call('POST', '/sessions', {'kind': 'pyspark', 'ttl': '1h'})
        path = '/sessions/%d' % body['id']
        status, text = client.call('POST', path + '/statements', {'code': '1'})
        self.assertEqual((status, text), (500, 'java.lang.IllegalStateException: Session is in state starting'))
        client.wait(path, ('idle',))
        make = "spark.createDataFrame([(1,)], ['a']).count()"
        self.assertIn("'JavaPackage' object is not callable", client.run(path, make)['evalue'])
        imports = ['from py4j.java_gateway import java_import']
        for name in ('org.apache.spark.ml.python.*', 'org.apache.spark.resource.*', 'org.apache.spark.sql.api.python.*'):
            imports.append('java_import(sc._gateway.jvm, "%s")' % name)
        client.run(path, '\n'.join(imports))
        self.assertEqual(client.text(path, make), '1')


if __name__ == '__main__':
    unittest.main()
