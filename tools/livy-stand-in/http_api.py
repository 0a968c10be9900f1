"""The REST surface: routes, status codes and bodies."""
import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

import views
from session import NotActive, ServerError
from sessions import Rejected

# Livy's page size of sessions, and the lines of a log.
PAGE = 100
LARGEST_BODY = 64 * 1024 * 1024


class Answer(Exception):
    """Ends a request with this status and body."""

    def __init__(self, status, body, headers=()):
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers


def message(status, text):
    return Answer(status, {'msg': text})


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True
    server_version = 'livy-stand-in'
    sys_version = ''

    def setup(self):
        # An idle connection is dropped after this time, as Livy's Jetty does.
        self.timeout = self.server.options.seconds('stand-in.keep-alive')
        super().setup()

    def log_message(self, *_):
        pass  # polling would drown what matters

    def do_GET(self):
        self._handle('GET')

    def do_POST(self):
        self._handle('POST')

    def do_DELETE(self):
        self._handle('DELETE')

    def _handle(self, method):
        body = self._body()
        try:
            if method != 'GET' and self.server.options.flag('livy.server.csrf-protection.enabled'):
                if self.headers.get('X-Requested-By') is None:
                    return self._send_html(400, 'Missing Required Header for CSRF protection.')
            address = urlsplit(self.path)
            self._query = dict(parse_qsl(address.query))
            raise self._route(method, address.path.rstrip('/') or '/', body)
        except Answer as answer:
            self._send_json(answer)
        except (NotActive, Rejected) as error:
            self._send_json(message(400, str(error)))
        except ServerError as error:
            self._send_json(message(500, str(error)))
        except ValueError as error:
            self._send_json(message(500, 'java.lang.NumberFormatException: %s' % error))

    def _body(self):
        length = int(self.headers.get('Content-Length') or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            return b''
        return self.rfile.read(length)

    def _route(self, method, path, body):
        for verb, pattern, work in ROUTES:
            match = pattern.fullmatch(path) if verb == method else None
            if match is not None:
                return work(self, *[unquote(part) for part in match.groups()], **({'body': body} if work in WITH_BODY else {}))
        return Answer(404, {'msg': 'Not found by the stand-in: %s %s' % (method, path)})

    # Sessions

    def _version(self):
        return Answer(200, views.version(self.server.options))

    def _batches(self):
        return Answer(200, {'from': 0, 'total': 0, 'sessions': []})

    def _list(self):
        body, first = views.page(self.server.sessions.all(), self._query, 'total', 'sessions', PAGE, views.session)
        return Answer(200, {'from': first, **body})

    def _create(self, body):
        options = self.server.options
        request = self._json(body, views.CREATION_BY_VERSION[options.version], 'server.interactive.CreateInteractiveRequest')
        if request.get('kind', 'shared') not in ('pyspark', 'shared'):
            return message(400, 'Rejected, Reason: the stand-in runs pyspark only')
        session = self.server.sessions.create(request)
        return Answer(201, views.session(session), [('Location', '/sessions/%d' % session.number)])

    def _session(self, id_or_name):
        session = self.server.sessions.find(id_or_name)
        if session is None:
            raise message(404, "Session '%s' not found." % id_or_name)
        session.beat()
        return session

    def _get(self, name):
        return Answer(200, views.session(self._session(name)))

    def _state(self, name):
        session = self._session(name)
        return Answer(200, {'id': session.number, 'state': session.state})

    def _log(self, name):
        session = self._session(name)
        lines = list(session.lines)
        size = int(self._query.get('size', PAGE))
        size = len(lines) if size < 0 else size
        first = int(self._query.get('from', -1))
        first = max(0, len(lines) - size) if first < 0 else first
        return Answer(200, {'id': session.number, 'from': first, 'total': len(lines), 'log': lines[first:first + size]})

    def _delete(self, name):
        self.server.sessions.delete(self._session(name))
        return message(200, 'deleted')

    def _connect(self, name):
        session = self._session(name)
        session.touch()
        return Answer(200, views.session(session))

    # Statements

    def _statements(self, name):
        items = self._session(name).statements()
        if self._query.get('order', '').strip().lower() == 'desc':
            items.reverse()
        body, _ = views.page(items, self._query, 'total_statements', 'statements', len(items), lambda item: item)
        return Answer(200, body)

    def _statement(self, name, number):
        statement = self._session(name).statement(int(number))
        return message(404, 'Statement not found') if statement is None else Answer(200, statement)

    def _submit(self, name, body):
        request = self._json(body, views.STATEMENT, 'ExecuteRequest')
        session = self._session(name)
        if (request.get('kind') or session.request.get('kind') or 'shared') != 'pyspark':
            raise message(400, 'Code type should be specified if session kind is shared')
        statement = session.submit(request.get('code') or '')
        return Answer(
            201, statement, [('Location', '/sessions/%d/statements/%d' % (session.number, statement['id']))]
        )

    def _cancel(self, name, number):
        self._session(name).cancel(int(number))
        return message(200, 'canceled')

    # Bodies

    def _json(self, body, known, kind):
        try:
            request = json.loads(body)
        except ValueError as error:
            raise message(400, str(error)) from None
        if not isinstance(request, dict):
            raise message(400, 'Cannot construct instance of `org.apache.livy.%s`' % kind)
        unknown = views.unknown_field(request, known, kind)
        if unknown is not None:
            raise message(400, unknown)
        return request

    def _send_json(self, answer):
        self._send(answer.status, 'application/json;charset=utf-8', json.dumps(answer.body).encode(), answer.headers)

    def _send_html(self, status, text):
        page = '<html><head><title>Error %d %s</title></head><body><h2>HTTP ERROR %d %s</h2></body></html>\n'
        self._send(status, 'text/html;charset=iso-8859-1', (page % (status, text, status, text)).encode())

    def _send(self, status, kind, body, headers=()):
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        # Head and body in one packet: two would wait for each other.
        self._headers_buffer.append(b'\r\n')
        self._headers_buffer.append(body)
        self.flush_headers()


ROUTES = [
    (verb, re.compile(pattern.replace('{}', '([^/]+)')), work)
    for verb, pattern, work in (
        ('GET', '/version', Handler._version),
        ('GET', '/batches', Handler._batches),
        ('GET', '/sessions', Handler._list),
        ('POST', '/sessions', Handler._create),
        ('GET', '/sessions/{}', Handler._get),
        ('DELETE', '/sessions/{}', Handler._delete),
        ('GET', '/sessions/{}/state', Handler._state),
        ('GET', '/sessions/{}/log', Handler._log),
        ('POST', '/sessions/{}/connect', Handler._connect),
        ('GET', '/sessions/{}/statements', Handler._statements),
        ('POST', '/sessions/{}/statements', Handler._submit),
        ('GET', '/sessions/{}/statements/{}', Handler._statement),
        ('POST', '/sessions/{}/statements/{}/cancel', Handler._cancel),
    )
]
WITH_BODY = (Handler._create, Handler._submit)


class Server(ThreadingHTTPServer):
    """Loopback only: who reaches it executes code."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, options, sessions):
        self.options, self.sessions = options, sessions
        super().__init__(('127.0.0.1', options.port), Handler)

    def handle_error(self, request, client_address):
        pass  # a client that went away is no event
