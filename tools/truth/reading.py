"""Raw files: bytes to lines to JSON values. Formats are sniffed by their first bytes, never by their names."""
import bz2
import gzip
import json
import zlib


LONGEST = 10 * 1024 * 1024


class Unreadable(Exception):
    """A file that cannot be read at all."""


class Damaged(Exception):
    """The rest of a file that is cut off or damaged."""


def _open(path):
    with open(path, 'rb') as file:
        head = file.read(6)
    if head[:3] == b'BZh':
        return bz2.open(path, 'rb')
    if head[:2] == b'\x1f\x8b':
        return gzip.open(path, 'rb')
    if head[:4] == b'\x28\xb5\x2f\xfd':
        raise Unreadable('%s: zstd is not read by the truth check, unpack it first' % path)
    return open(path, 'rb')


def lines(path):
    """The lines of a file as bytes; blank ones are not given. Ends in `Damaged` where the file does not end well."""
    try:
        file = _open(path)
    except OSError as error:
        raise Unreadable('%s: %s' % (path, error)) from error
    with file:
        try:
            for line in file:
                if not line.isspace():
                    yield line
        except (OSError, EOFError, zlib.error) as error:
            raise Damaged('%s: %s' % (path, error)) from error


def _refuse(name):
    raise ValueError(name + ' is not JSON')


_DECODER = json.JSONDecoder(parse_constant=_refuse)


def _well_formed(value):
    """Lone surrogates, which JSON can name but UTF-8 cannot carry, become U+FFFD."""
    if isinstance(value, str):
        return value.encode('utf-16-le', 'surrogatepass').decode('utf-16-le', 'replace')
    if isinstance(value, list):
        return [_well_formed(item) for item in value]
    if isinstance(value, dict):
        return {_well_formed(key): _well_formed(item) for key, item in value.items()}
    return value


def parse(line):
    """The JSON value of a line, less a byte order mark; ValueError where there is none."""
    if len(line.rstrip(b'\r\n')) > LONGEST:
        raise ValueError('too long a line')
    try:
        value = _DECODER.decode(line.decode('utf-8-sig'))
        return _well_formed(value) if b'\\ud' in line or b'\\uD' in line else value
    except RecursionError as error:
        raise ValueError('nested too deeply') from error
