"""The Python child of a session's driver: runs code, one JSON request a line on stdin, one JSON reply a line on descriptor 1.

The reply goes to the process's real descriptor 1, which the code it runs shares. That is Livy's own weakness, kept on
purpose: a line written past `sys.stdout` (`os.system('echo x')`) is read as a reply and shifts all that follow.
"""
import ast
import io
import json
import os
import re
import sys
import traceback

from spark_context import connect_from_environment
import magics

# Livy numbers its first line 1 and calls the text <stdin>; tracebacks show that.
SOURCE = '<stdin>'
TOP_FRAME = re.compile(r'\s*File "<stdin>".*in <module>')


class UnknownMagic(Exception):
    pass


class Failure(Exception):
    """An error of the user's code, as the triple of sys.exc_info()."""

    def __init__(self, kind, value, trace):
        super().__init__(str(value))
        self.kind, self.value, self.trace = kind, value, trace


class PlainCode:
    def __init__(self, text):
        self.tree = compile(text, SOURCE, 'exec', ast.PyCF_ONLY_AST, True)

    def run(self, namespace):
        body = self.tree.body
        try:
            for node in body[:-1]:
                exec(compile(ast.Module([node], []), SOURCE, 'exec'), namespace)
            # The last expression is echoed, as at a prompt.
            for node in body[-1:]:
                exec(compile(ast.Interactive([node]), SOURCE, 'single'), namespace)
        except BaseException:
            raise Failure(*sys.exc_info()) from None
        return None


class Magic:
    def __init__(self, line):
        self.name, _, self.argument = line[1:].partition(' ')

    def run(self, namespace):
        if self.name not in magics.BY_NAME:
            raise Failure(UnknownMagic, UnknownMagic("unknown magic command '%s'" % self.name), None)
        try:
            value = namespace[self.argument]
        except KeyError as error:
            # Faithful to Livy: an unknown name is an `ok` reply with the error inside `data`.
            return reply('error', error_content(KeyError, error, None))
        return magics.BY_NAME[self.name](value)


def parse(text):
    """Code, or where that does not parse, code and lines that start with `%`."""
    try:
        return [PlainCode(text)]
    except SyntaxError:
        parts, plain = [], []
        for line in text.rstrip().split('\n'):
            if line.startswith('%'):
                parts += [PlainCode('\n'.join(plain))] if plain else []
                parts.append(Magic(line))
                plain = []
            else:
                plain.append(line)
        return parts + ([PlainCode('\n'.join(plain))] if plain else [])


def reply(status, content):
    return {'msg_type': 'execute_reply', 'content': dict(content, status=status)}


def error_content(kind, value, trace):
    lines = traceback.format_exception(kind, value, trace, chain=False)
    # What led to the user's code, and its own top frame, are left out.
    top = next((i for i, line in enumerate(lines) if TOP_FRAME.match(line)), 0)
    del lines[1:top + 1]
    return {'ename': kind.__name__, 'evalue': str(value), 'traceback': lines}


def fresh_output():
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()


def execute(code, namespace):
    try:
        result = None
        for part in parse(code):
            result = part.run(namespace)
    except SyntaxError as error:
        return reply('error', error_content(type(error), error, None))
    except Failure as failure:
        return reply('error', error_content(failure.kind, failure.value, failure.trace))
    result = {} if result is None else result
    text = result.pop('text/plain', '') + sys.stdout.getvalue() + sys.stderr.getvalue()
    fresh_output()
    if text.rstrip() or not result:
        result['text/plain'] = text.rstrip()
    return reply('ok', {'data': result})


def main():
    requests, replies, errors = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = io.StringIO()
    fresh_output()
    namespace = {}
    context = None
    try:
        context, bindings = connect_from_environment(os.environ)
        namespace.update(bindings)
        print('READY(port=0)', file=replies, flush=True)
        for line in iter(requests.readline, ''):
            request = json.loads(line)
            if request['msg_type'] == 'shutdown_request':
                break
            answer = execute(request['content']['code'], namespace)
            # A value that JSON cannot hold (a datetime behind %json) ends this process here, as it ends Livy's.
            print(json.dumps(answer), file=replies, flush=True)
    finally:
        sys.stderr = errors
        if context is not None:
            context.stop()


if __name__ == '__main__':
    main()
