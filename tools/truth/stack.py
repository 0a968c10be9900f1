"""A private stack of the product on raw files, and the questions put to it. Only the outer interface is used."""
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))


class StackError(Exception):
    """The stack does not run or does not answer as agreed."""


def _free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def _node():
    own = os.path.join(ROOT, 'node_modules', '.bin', 'node')
    return own if os.path.exists(own) else 'node'


class Stack:
    """`scripts/start.ts --replay FILE... --events` in a folder of its own; `close()` ends it and removes the folder."""

    def __init__(self, files, keep=False, build=True, say=print):
        self.url = self.replayed = None
        self._keep = keep
        self._say = say
        self._failure = None
        self._changed = threading.Condition()
        self.data_dir = tempfile.mkdtemp(prefix='truth-stack-')
        port = _free_port()
        command = [_node(), 'scripts/start.ts', '--events', '--port', str(port), '--data-dir', self.data_dir]
        if not build:
            command.append('--no-build')
        for file in files:
            command += ['--replay', os.path.abspath(file)]
        environment = {
            name: value for name, value in os.environ.items()
            if name not in ('PORT', 'DATA_DIR', 'REDIS_URL', 'INGEST_SOURCE', 'INGEST_SOURCES', 'LAKE', 'LAKE_RETENTION_DAYS')
        }
        environment['PATH'] = os.path.join(ROOT, 'node_modules', '.bin') + os.pathsep + environment.get('PATH', '')
        environment['HOST'] = '127.0.0.1'
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment,
            start_new_session=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for raw in self._process.stdout:
            try:
                event = json.loads(raw.decode('utf-8', 'replace'))
            except ValueError:
                continue
            if not isinstance(event, dict):
                continue
            with self._changed:
                kind = event.get('event')
                if kind == 'ready':
                    self.url = event.get('url')
                elif kind == 'replay-done':
                    self.replayed = event
                    for problem in event.get('problems') or []:
                        self._say('  the product says: %s' % problem)
                elif kind in ('fatal', 'problem', 'message'):
                    self._say('  the product says: %s' % event.get('message'))
                    if kind == 'fatal':
                        self._failure = str(event.get('message'))
                self._changed.notify_all()
        with self._changed:
            self._failure = self._failure or 'the product stopped'
            self._changed.notify_all()

    def wait(self, seconds):
        """Until the dashboard answers and the files are in."""
        end = time.monotonic() + seconds
        with self._changed:
            while self.url is None or self.replayed is None:
                if self._failure:
                    raise StackError(self._failure)
                left = end - time.monotonic()
                if left <= 0:
                    raise StackError('the files were not in after %d s' % seconds)
                self._changed.wait(min(left, 1))

    def close(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(40)
            except subprocess.TimeoutExpired:
                # Its own session: whatever it started goes with it.
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        if self._keep:
            self._say('kept: %s' % self.data_dir)
        else:
            shutil.rmtree(self.data_dir, ignore_errors=True)


_FIELDS = '''
  id status error { code message } canonicalTopic
  result {
    complete hash posts retweets replies quotes authors words
    topHashtags { ...list } topWords { ...list } topMentions { ...list } topAuthors { ...list } topDomains { ...list }
    fitting: volume { ...volume }
    peakHours { posts coveredHours }
  }
'''
_VOLUME = ' fragment volume on Volume { bucket buckets { from to posts retweets replies quotes } }'
_FRAGMENTS = '''
fragment list on RankedList { distinct postsWith entries { key label posts uses authors source } }
''' + _VOLUME
_START = '''mutation ($input: StartAnalysisInput!) {
  startAnalysis(input: $input) { analysis { id status } userErrors { code message position length } }
}'''
_POSTS = '''query ($id: ID!, $order: PostOrder!, $first: Int!, $after: String) {
  posts(analysisId: $id, order: $order, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { capturedRetweets reportedRetweets node {
      id source createdAt text lang authorId authorUsername hashtags mentions urls retweetOf quoteOf replyTo
    } }
  }
}'''
_CAPTURE = '''{ capture { state problem posts accounting {
  received stored duplicates deletes notPosts deadLetters filtered pending } repostsWithoutOriginal } }'''


class Client:
    """GraphQL over HTTP."""

    def __init__(self, url):
        self._url = url.rstrip('/') + ('' if url.rstrip('/').endswith('/graphql') else '/graphql')

    def ask(self, query, variables=None, seconds=120):
        """The answer's data. While the queue is too busy to answer, as it says of itself, it is asked again."""
        end = time.monotonic() + seconds
        while True:
            value = self._post(query, variables)
            errors = value.get('errors')
            if not errors:
                return value['data']
            codes = {(error.get('extensions') or {}).get('code') for error in errors}
            if codes != {'QUEUE_UNAVAILABLE'} or time.monotonic() > end:
                raise StackError('GraphQL: %s' % json.dumps(errors)[:600])
            time.sleep(0.5)

    def _post(self, query, variables):
        body = json.dumps({'query': query, 'variables': variables or {}}).encode()
        request = urllib.request.Request(self._url, body, {'content-type': 'application/json'})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.loads(answer.read().decode('utf-8'))
        except urllib.error.HTTPError as error:
            raise StackError('HTTP %d: %s' % (error.code, error.read()[:500].decode('utf-8', 'replace'))) from error
        except OSError as error:
            raise StackError('no answer from %s: %s' % (self._url, error)) from error

    def start(self, topic, interval, zone, stop_words, retweet_words):
        """The payload of startAnalysis."""
        return self.ask(_START, {'input': {
            'topic': topic, 'interval': {'from': iso(interval[0]), 'to': iso(interval[1])}, 'timeZone': zone,
            'includeStopWords': stop_words, 'includeRetweetWords': retweet_words,
        }})['startAnalysis']

    def analyse(self, topic, interval, zone, stop_words, retweet_words, sizes, seconds=180):
        """The finished analysis, with volume by each of `sizes`."""
        payload = self.start(topic, interval, zone, stop_words, retweet_words)
        if payload['userErrors'] or not payload['analysis']:
            raise StackError('refused: %s' % json.dumps(payload['userErrors'], ensure_ascii=False))
        analysis_id = payload['analysis']['id']
        end = time.monotonic() + seconds
        pause = 0.03
        while True:
            status = self.ask('query ($id: ID!) { analysis(id: $id) { status } }', {'id': analysis_id})['analysis']
            if status is None:
                raise StackError('the analysis %s is unknown' % analysis_id)
            if status['status'] not in ('QUEUED', 'RUNNING'):
                break
            if time.monotonic() > end:
                raise StackError('not finished after %d s' % seconds)
            time.sleep(pause)
            pause = min(pause * 1.5, 0.5)
        answer = self.ask('query ($id: ID!) { analysis(id: $id) {' + _FIELDS + '} }' + _FRAGMENTS, {'id': analysis_id})['analysis']
        if answer['status'] != 'SUCCEEDED' or not answer['result']:
            raise StackError('%s: %s' % (answer['status'], json.dumps(answer['error'])))
        for size in sizes:  # one a document: charts are dear
            query = 'query ($id: ID!) { analysis(id: $id) { result { volume(bucket: %s) { ...volume } } } }' % size
            chart = self.ask(query + _VOLUME, {'id': analysis_id})['analysis']
            answer['result']['v_' + size] = chart['result']['volume']
        return answer

    def posts(self, analysis_id, order, limit, page):
        """(edges up to `limit`, totalCount), page by page."""
        edges, after = [], None
        while True:
            answer = self.ask(_POSTS, {
                'id': analysis_id, 'order': order, 'first': min(page, limit - len(edges)), 'after': after,
            })['posts']
            edges += answer['edges']
            if len(edges) >= limit or not answer['pageInfo']['hasNextPage']:
                return edges, answer['totalCount']
            if not answer['edges']:
                raise StackError('an empty page that says there is a next one')
            after = answer['pageInfo']['endCursor']

    def capture(self):
        return self.ask(_CAPTURE)['capture']


def iso(instant):
    return time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(instant // 1000)) + '.%03dZ' % (instant % 1000)
