"""The official rules by which X finds hashtags and mentions in a bare text, written again in Python.

Used only where a record has no entities of its own (rule 11). Only what can decide about a hashtag or a mention is
here: links are found because an overlap with one removes the entity that begins later.
"""
import os
import re

_HERE = os.path.dirname(os.path.abspath(__file__))



def _classes():
    """Class texts of letters.txt. The tables are twitter-text's own: they are older than any Python's."""
    out, part = {}, None
    with open(os.path.join(_HERE, 'letters.txt'), encoding='utf-8') as lines:
        for line in lines:
            if line.strip() in ('letters', 'digits'):
                part = line.strip()
                out[part] = ''
            elif not line.startswith('#'):
                for item in line.split():
                    low, _, high = item.partition('-')
                    out[part] += '\\U%08x-\\U%08x' % (int(low, 16), int(high or low, 16))
    return out['letters'], out['digits']


_ALPHA, _DIGITS = _classes()
_SPECIAL = '_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7'
_ALNUM = _ALPHA + _DIGITS + _SPECIAL
_HASHTAG = re.compile(
    '(?:^|[\ufe0e\ufe0f]|(?![%s&])[^\ud800-\udfff])([#＃](?![\ufe0f\u20e3])[%s]*[%s][%s]*)' % (_ALNUM, _ALNUM, _ALPHA, _ALNUM)
)
_HASHTAG_END = re.compile('[#＃]|://')

_LATIN_ACCENTS = (
    '\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0100-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272'
    '\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff'
)
_MENTION = re.compile(
    '(?:^|[^a-zA-Z0-9_!#$%&*@＠]|(?:^|[^a-zA-Z0-9_+~.-])(?:rt|RT|rT|Rt):?)'
    '([@＠][a-zA-Z0-9_]{1,20})(/[a-zA-Z][a-zA-Z0-9_-]{0,24})?'
)
_MENTION_END = re.compile('[@＠]|[%s]|://' % _LATIN_ACCENTS)


def _tlds(wanted):
    with open(os.path.join(_HERE, 'tlds.txt'), encoding='utf-8') as lines:
        names = [name for line in lines if not line.startswith('#') for name in line.split() if wanted(name)]
    return '|'.join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_PUNCT = r"!'#%&'()*+,\\\-./:;<=>?@\[\]\^_{|}~$"
_SPACES = '\x09-\x0d\x20\x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000'
_INVALID = '\ufffe\ufeff\uffff'
_DIRECTIONAL = '\u202a-\u202e\u061c\u200e\u200f\u2066\u2067\u2068\u2069'
_CHAR = '[^' + _PUNCT + _SPACES + _INVALID + _DIRECTIONAL + ']'
# `a` where case is ignored in ASCII: a long s is no s.
_TLD = (
    '(?:(?:(?ai:' + _tlds(str.isascii) + ')|(?i:' + _tlds(lambda name: not name.isascii()) + '))'
    '(?=[^0-9a-zA-Z@+-]|\\Z)|[xX][nN]--[-0-9a-zA-Z]+)'
)
_DOMAIN = (
    '(?:(?:' + _CHAR + '(?:[_-]|' + _CHAR + ')*)?' + _CHAR + '\\.)*'
    '(?:(?:' + _CHAR + '(?:-|' + _CHAR + ')*)?' + _CHAR + '\\.)' + _TLD
)
_GENERAL = (
    "[a-zA-Z\u0400-\u04ff0-9!*';:=+,.$/%#\\[\\]\\-\u2013_~@|&" + _LATIN_ACCENTS + ']'
)
_PARENS = '\\((?:' + _GENERAL + '+|' + _GENERAL + '*\\(' + _GENERAL + '+\\)' + _GENERAL + '*)\\)'
_PATH_END = '(?:[+\\-a-zA-Z\u0400-\u04ff0-9=_#/' + _LATIN_ACCENTS + ']|' + _PARENS + ')'
_PATH = '(?:' + _GENERAL + '*(?:' + _PARENS + _GENERAL + '*)*' + _PATH_END + '|@' + _GENERAL + '+/)'
_QUERY = r"\?[a-zA-Z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-zA-Z0-9\-_&=#/]"
_LINK = re.compile(
    '(?P<before>[^A-Za-z0-9@＠$#＃' + _INVALID + ']|[' + _DIRECTIONAL + ']|^)'
    '(?P<url>(?P<protocol>(?ai:https?)://)?(?P<domain>' + _DOMAIN + ')(?::[0-9]+)?'
    '(?P<path>/' + _PATH + '*)?(?:' + _QUERY + ')?)'
)
_ASCII_DOMAIN = re.compile('(?:[-a-zA-Z0-9' + _LATIN_ACCENTS + ']+\\.)+' + _TLD)
_TCO = re.compile(r'(?ai:https?://t\.co/)([a-zA-Z0-9]+)(?:' + _QUERY + ')?')


def hashtags(text):
    """Spans (start, end) in code points, sign included, overlaps with links not yet removed."""
    if '#' not in text and '＃' not in text:
        return []
    return [found.span(1) for found in _HASHTAG.finditer(text) if not _HASHTAG_END.match(text, found.end())]


def mentions(text):
    """Spans (start, end, end of the name): of a list `@name/slug` the end is the slug's."""
    if '@' not in text and '＠' not in text:
        return []
    out = []
    for found in _MENTION.finditer(text):
        if not _MENTION_END.match(text, found.end()):
            out.append((found.start(1), found.end(), found.end(1)))
    return out


def _is_host(domain):
    """Whether every label of a domain can be written in ASCII."""
    for label in domain.split('.'):
        if not label.isascii():
            if label.lower().startswith('xn--') or len(label.encode('punycode', 'replace')) > 59:
                return False
    return len(domain) <= 255


def links(text):
    """Spans of links, with or without protocol."""
    if '.' not in text:
        return []
    out = []
    for found in _LINK.finditer(text):
        start, end = found.span('url')
        if end - start > 4096 or not _is_host(found.group('domain')):
            continue
        if found.group('protocol'):
            short = _TCO.match(found.group('url'))
            if short:
                if len(short.group(1)) > 40:
                    continue
                end = start + short.end()
            out.append((start, end))
            continue
        if found.group('before') in ('-', '_', '.', '/'):
            continue
        ascii_parts = [part.span() for part in _ASCII_DOMAIN.finditer(found.group('domain'))]
        if ascii_parts:
            spans = [(start + low, start + high) for low, high in ascii_parts]
            if found.group('path'):
                spans[-1] = (spans[-1][0], end)
            out.extend(spans)
    return out


def extract(text):
    """[(start, end, '#' or '@')] in order, as `extractEntitiesWithIndices` has them; of a list the `@name`."""
    found = [(start, end, '#', end) for start, end in hashtags(text)]
    found += [(start, end, '@', name_end) for start, end, name_end in mentions(text)]
    if not found:
        return []
    found = [(start, end, 'link', end) for start, end in links(text)] + found
    found.sort(key=lambda entity: entity[0])
    out, free = [], 0
    for start, end, kind, own_end in found:
        if start < free:
            continue
        free = end
        if kind in '#@':
            out.append((start, own_end, kind))
    return out
