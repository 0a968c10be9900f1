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
# How an error of the driver reads at the server.
REMOTE = 'java.util.concurrent.ExecutionException: org.apache.livy.rsc.rpc.RpcException: '
LARGEST_BODY = 64 * 1024 * 1024


class NoPage(Exception):
    """Outside Livy's servlets: 404 that claims to be HTML."""


class Answer(Exception):
    """Ends a request with this status and body."""

    def __init__(self, status, body, headers=()):
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers


def message(status, text):
    return Answer(status, {'msg': text})


def bare(status, text):
    """Some of Livy's errors are a JSON string, not an object."""
    return Answer(status, text)


def nothing(status):
    return Answer(status, None)


def whole(text):
    """A whole number as Java reads it."""
    try:
        return int(text)
    except ValueError:
        raise message(400, 'For input string: "%s"' % text) from None


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

    def do_HEAD(self):
        self._handle('GET', with_body=False)

    def do_PUT(self):
        self._handle('PUT')

    def _handle(self, method, with_body=True):
        body = self._body()
        self._with_body = with_body
        try:
            if method != 'GET' and self.server.options.flag('livy.server.csrf-protection.enabled'):
                if self.headers.get('X-Requested-By') is None:
                    return self._refuse_forgery(method)
            address = urlsplit(self.path)
            self._query = dict(parse_qsl(address.query))
            raise self._route(method, address.path.rstrip('/') or '/', body)
        except Answer as answer:
            self._send_json(answer)
        except NoPage:
            self._send(404, 'text/html;charset=utf-8', b'')
        except (NotActive, Rejected) as error:
            self._send_json(message(400, str(error)))
        except ServerError as error:
            self._send_json(bare(500, str(error)))

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
        if any(pattern.fullmatch(path) for _, pattern, _ in ROUTES):
            return nothing(405)
        if not path.startswith('/sessions'):
            raise NoPage()
        return nothing(404)

    # Sessions

    def _version(self):
        return Answer(200, views.version(self.server.options))

    def _batches(self):
        return Answer(200, {'from': 0, 'total': 0, 'sessions': []})

    def _list(self):
        first, _ = self._range(PAGE)
        body = views.page(self.server.sessions.all(), self._range(PAGE), 'total', 'sessions', views.session)
        return Answer(200, {'from': first, **body})

    def _range(self, size):
        return whole(self._query.get('from', 0)), whole(self._query.get('size', size))

    def _create(self, body):
        options = self.server.options
        request = self._json(body, views.CREATION_BY_VERSION[options.version], 'server.interactive.CreateInteractiveRequest')
        kind = request.get('kind', 'shared')
        if kind not in views.KINDS:
            where = ' (through reference chain: org.apache.livy.server.interactive.CreateInteractiveRequest["kind"])'
            return bare(400, 'Invalid kind: %s%s' % (kind, where))
        if kind not in ('pyspark', 'shared'):
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
        size = whole(self._query.get('size', PAGE))
        size = len(lines) if size < 0 else size
        first = whole(self._query.get('from', -1))
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
        body = views.page(items, self._range(len(items)), 'total_statements', 'statements', lambda item: item)
        return Answer(200, body)

    def _statement(self, name, number):
        statement = self._session(name).statement(whole(number))
        return bare(404, 'Statement not found') if statement is None else Answer(200, statement)

    def _submit(self, name, body):
        request = self._json(body, views.STATEMENT, 'ExecuteRequest')
        session = self._session(name)
        kind = request.get('kind') or session.request.get('kind') or 'shared'
        if kind != 'pyspark':
            text = 'Invalid kind: %s' if kind not in views.KINDS else 'The stand-in runs pyspark only, not %s'
            raise bare(500, REMOTE + 'java.lang.IllegalArgumentException: ' + text % kind)
        if not isinstance(request.get('code'), str):
            raise bare(500, REMOTE + 'java.lang.NullPointerException')
        statement = session.submit(request['code'])
        return Answer(
            201, statement, [('Location', '/sessions/%d/statements/%d' % (session.number, statement['id']))]
        )

    def _cancel(self, name, number):
        self._session(name).cancel(whole(number))
        return message(200, 'canceled')

    # Bodies

    def _json(self, body, known, kind):
        source = ' at [Source: (org.eclipse.jetty.server.HttpInputOverHTTP); line: 1, column: %d]'
        try:
            request = json.loads(body)
        except ValueError as error:
            text = 'Unexpected character or end-of-input: %s\n' % error if body else 'No content to map due to end-of-input\n'
            raise bare(400, text + source % (len(body) and getattr(error, 'colno', 0))) from None
        if not isinstance(request, dict):
            raise bare(400, 'Cannot deserialize value of type `org.apache.livy.%s`\n' % kind + source % 1)
        wrong = views.wrong_field(request, known, kind)
        if wrong is not None:
            raise bare(400, wrong)
        return request

    def _refuse_forgery(self, method):
        text = 'Missing Required Header for CSRF protection.'
        page = '<html><head><title>Error 400 %s</title></head><body><h2>HTTP ERROR 400 %s</h2></body></html>\n'
        body = page % (text, text) if method in ('GET', 'POST') else ''
        self._send(400, 'text/html;charset=iso-8859-1', body.encode())

    def _send_json(self, answer):
        body = b'' if answer.body is None else json.dumps(answer.body, separators=(',', ':')).encode()
        self._send(answer.status, 'application/json;charset=utf-8', body, answer.headers)

    def _send(self, status, kind, body, headers=()):
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        # Head and body in one packet: two would wait for each other.
        self._headers_buffer.append(b'\r\n')
        if self._with_body:
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
