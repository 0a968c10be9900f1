"""The driver's hold on its Python child: requests in, reply lines out, as Livy reads them."""
import json
import os
import re
import signal
import subprocess
import sys
import threading

# Jackson's limit on one string; a longer one cannot be read.
LONGEST_STRING = 20_000_000
JACKSON = 'com.fasterxml.jackson.core.'


def error(ename, evalue, traceback=()):
    return {'status': 'error', 'ename': ename, 'evalue': evalue, 'traceback': list(traceback)}


def read_reply(line):
    """A reply line as Livy takes it: `{'status': ...}` without execution count."""
    try:
        message = json.loads(line, parse_constant=_refuse_constant)
    except ValueError as failure:
        return error(JACKSON + 'JsonParseException', _parse_message(line, str(failure)))
    too_long = _longest(message) if len(line) > LONGEST_STRING else 0
    if too_long > LONGEST_STRING:
        text = 'String length (%d) exceeds the maximum length (%d)' % (too_long, LONGEST_STRING)
        return error(JACKSON + 'exc.StreamConstraintsException', text)
    content = message.get('content') if isinstance(message, dict) else None
    if not isinstance(content, dict):
        return error('org.apache.livy.shaded.json4s.MappingException', 'Did not find value which can be converted into java.lang.String')
    if content.get('status') == 'ok':
        return {'status': 'ok', 'data': content['data']}
    return error(content['ename'], content['evalue'], content['traceback'])


def _refuse_constant(name):
    raise ValueError(name)


def _parse_message(line, reason):
    if reason in ('NaN', 'Infinity', '-Infinity'):
        text = "Non-standard token '%s': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow" % reason
    else:
        token = re.match(r'\s*([^\s,\]}]*)', line).group(1)
        expected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
        text = "Unrecognized token '%s': was expecting %s" % (token, expected)
    return '%s\n at [Source: (String)"%s"; line: 1, column: %d]' % (text, line.rstrip('\n')[:500], len(line))


def _longest(value):
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return max(map(_longest, value.values()), default=0)
    return max(map(_longest, value), default=0) if isinstance(value, list) else 0


class PythonChild:
    def __init__(self, environment):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'interpreter.py')
        self._process = subprocess.Popen(
            [sys.executable, '-u', script],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=dict(os.environ, PYSPARK_PYTHON=sys.executable, **environment),
        )
        self._errors = []
        self._reader = threading.Thread(target=self._collect_errors, daemon=True)
        self._reader.start()
        for line in self._process.stdout:
            if re.match(rb'READY\(port=\d+\)', line):
                break

    def _collect_errors(self):
        for line in self._process.stderr:
            self._errors.append(line.decode('utf-8', 'replace').rstrip('\n'))

    def execute(self, code):
        """One request, one line read: whatever that line is, it is taken for this request's reply."""
        request = {'msg_type': 'execute_request', 'content': {'code': code}}
        try:
            self._process.stdin.write(json.dumps(request).encode() + b'\n')
            self._process.stdin.flush()
        except OSError:
            pass  # as Livy's writer, which does not notice
        line = self._process.stdout.readline()
        if not line:
            return None
        return read_reply(line.decode('utf-8', 'replace'))

    def take_errors(self):
        """What the dead child said last; an answer to one request only."""
        self._reader.join(1)
        lines, self._errors[:] = list(self._errors), []
        return '\n'.join(lines)

    def kill(self):
        try:
            self._process.send_signal(signal.SIGKILL)
        except OSError:
            pass
