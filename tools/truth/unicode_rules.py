"""Text rules 7 to 12 of docs/counting.md, from the page alone.

Python's `re` has no \\p{..}, so the classes are written out from `unicodedata` once, at import (about 0.3 s).
"""
import re
import sys
import unicodedata


def _ranges(wanted):
    """Class text of all code points whose general category satisfies `wanted`."""
    out, start = [], None
    category = unicodedata.category
    for point in range(sys.maxunicode + 2):
        inside = point <= sys.maxunicode and wanted(category(chr(point)))
        if inside and start is None:
            start = point
        elif not inside and start is not None:
            out.append((start, point - 1))
            start = None
    return out


def _class(ranges):
    return ''.join('\\U%08x-\\U%08x' % pair if pair[0] != pair[1] else '\\U%08x' % pair[0] for pair in ranges)


def _overlap(point, ranges):
    return any(low <= point <= high for low, high in ranges)


LETTERS = _class(_ranges(lambda c: c[0] == 'L'))
MARKS = _class(_ranges(lambda c: c[0] == 'M'))
NUMBERS = _class(_ranges(lambda c: c[0] == 'N'))
OTHER = _class(_ranges(lambda c: c[0] == 'C'))
SEPARATORS = _class(_ranges(lambda c: c[0] == 'Z'))

# Code points that this Python's Unicode does not know may be letters for a newer one. Not asked: private
# non-characters, which stay unassigned for ever, and the pictograph blocks, where only symbols are ever added.
_PICTOGRAPHS = [(0x1F000, 0x1FAFF)]
_UNKNOWN = [
    (low, high)
    for low, high in _ranges(lambda c: c == 'Cn')
    if not _overlap(low, _PICTOGRAPHS + [(0xFDD0, 0xFDEF)]) and (low & 0xFFFE) != 0xFFFE
]
UNKNOWN = re.compile('[%s]' % _class(_UNKNOWN))

# Pictographs of Unicode 14 to 17: symbols, whatever this Python's Unicode is.
_NEWER_SYMBOLS = [
    (0x1F6D8, 0x1F6D8), (0x1F6DC, 0x1F6DF), (0x1F774, 0x1F77F), (0x1F7D9, 0x1F7D9), (0x1F7F0, 0x1F7F0),
    (0x1F8B2, 0x1F8BB), (0x1F8C0, 0x1F8C1), (0x1F979, 0x1F979), (0x1F9CC, 0x1F9CC), (0x1FA54, 0x1FA57),
    (0x1FA75, 0x1FA77), (0x1FA7B, 0x1FA7C), (0x1FA87, 0x1FA8A), (0x1FA8E, 0x1FA8F), (0x1FAA9, 0x1FAAF),
    (0x1FAB7, 0x1FABF), (0x1FAC3, 0x1FAC6), (0x1FAC8, 0x1FAC8), (0x1FACD, 0x1FACF), (0x1FAD7, 0x1FADC),
    (0x1FADF, 0x1FAEA), (0x1FAEF, 0x1FAF8),
]

# Rule 10.
UNSPACED_RANGES = [
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9F),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
]
UNSPACED = re.compile('[%s]' % _class(UNSPACED_RANGES))
_UNSPACED_PARTS = re.compile('[%s]+' % _class(UNSPACED_RANGES))

_RUN = re.compile('[%s%s%s_]+' % (LETTERS, MARKS, NUMBERS))
_ASCII_RUN = re.compile('[A-Za-z0-9_]+')
_LETTER = re.compile('[%s]' % LETTERS)
_ASCII_LETTER = re.compile('[A-Za-z]')
MENTION_NAME = re.compile('[%s%s_.-]+' % (LETTERS, NUMBERS))

# Rule 7: the marks that are dropped.
_DROPPED = re.compile(
    '[\u0300-\u036F\u0483-\u0487\u0591-\u05C7\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E8\u06EA-\u06ED'
    '\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE00-\uFE0F\uFE20-\uFE2F]+'
)

# Rule 8. ASCII, so that no odd letter (long s) passes for an ASCII one by ignoring case.
LINK = re.compile(r'(?:https?://|(?<![A-Za-z0-9_])www\.)[!-~]+', re.IGNORECASE | re.ASCII)
_HOST = re.compile(r'^https?://(?:[^/?#@]*@)?([^/?#:]+)', re.IGNORECASE | re.ASCII)

_ESCAPES = {'&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'"}
_ESCAPE = re.compile('&(?:amp|lt|gt|quot|#39);')


def nfc(text):
    return text if text.isascii() else unicodedata.normalize('NFC', text)


def unescape(text):
    """Rule 5: one pass, so `&amp;lt;` becomes `&lt;`."""
    return _ESCAPE.sub(lambda found: _ESCAPES[found.group()], text) if '&' in text else text


def fold(text):
    """Rule 7."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize('NFKD', text).lower().replace('ß', 'ss').replace('ς', 'σ')
    return unicodedata.normalize('NFC', _DROPPED.sub('', text))


def runs(text):
    """Rule 9: runs of letters, marks, numbers, underscore."""
    return (_ASCII_RUN if text.isascii() else _RUN).findall(text)


def tokens(folded):
    """Rules 9 and 10 on a folded text."""
    if folded.isascii():
        return _ASCII_RUN.findall(folded)
    out = []
    for run in _RUN.findall(folded):
        if UNSPACED.search(run) is None:
            out.append(run)
            continue
        at = 0
        for part in _UNSPACED_PARTS.finditer(run):
            if part.start() > at:
                out.append(run[at:part.start()])
            out.extend(part.group())
            at = part.end()
        if at < len(run):
            out.append(run[at:])
    return out


def links_and_rest(text):
    """Rule 8: the links of a text, and the text with a separator in the place of each."""
    if '://' not in text and 'ww.' not in text.lower():
        return (), text
    return LINK.findall(text), LINK.sub(' ', text)


def words(text):
    """Rule 12, links already out: (words outside the unspaced scripts, whether there are unspaced parts too)."""
    if text.isascii():
        return [w for w in _ASCII_RUN.findall(text.lower()) if len(w) > 1 and _ASCII_LETTER.search(w)], False
    text = nfc(nfc(text).lower())
    out, unspaced = [], False
    for run in _RUN.findall(text):
        if UNSPACED.search(run):
            unspaced = True
            parts = _UNSPACED_PARTS.split(run)
        else:
            parts = (run,)
        out.extend(part for part in parts if len(part) > 1 and _LETTER.search(part))
    return out, unspaced


_DROP_OTHER = re.compile('(?:(?![%s])[%s])+' % (_class(_NEWER_SYMBOLS), OTHER))
_SEPARATOR_RUN = re.compile('[%s]+' % SEPARATORS)


def fold_tag(name):
    """Rule 11: a tag is folded whole and never split."""
    folded = fold(name)
    if folded.isalnum():
        return folded
    return _SEPARATOR_RUN.sub('_', _DROP_OTHER.sub('', folded))


def unassigned(name):
    """Whether a tag has a code point that this Python would drop for not knowing it."""
    return not name.isascii() and any(
        unicodedata.category(char) == 'Cn' and not _overlap(ord(char), _NEWER_SYMBOLS) for char in name
    )


def host(link):
    """Rule 12: the host of a link, or None."""
    found = _HOST.match(link)
    if not found:
        return None
    name = found.group(1).lower()
    return (name[4:] if name.startswith('www.') else name) or None
