"""Rules 24 and 27 of docs/counting.md: delete events, and what they hide."""
import calendar
import datetime
import re

from post_text import Dead

_ID = re.compile(r'^[0-9]{1,20}$')
_DID = re.compile(r'^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$')
_TIME = re.compile(r'^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):?(\d\d))$')
_EPOCH = re.compile(r'^\d{12,14}$')
_COUNTRY = re.compile(r'^[A-Za-z]{2}$')
_EARLIEST = 1136073600000
_DAY = 86400000
# Ids up to here hold no time (rule 4).
SEQUENTIAL = (1 << 22) * 10000
_TIMED_SINCE = calendar.timegm((2010, 11, 5, 0, 0, 0)) * 1000
_LAST_USER_BEFORE = 250000000

_OF_POSTS = {'drop': True, 'undrop': False}
_OF_USERS = {
    'user_delete': True, 'user_undelete': False, 'user_suspend': True, 'user_unsuspend': False,
    'user_protect': True, 'user_unprotect': False,
}
_WITHHELD_POSTS = ('withheld', 'status_withheld')
_OTHERS = ('tweet_edit', 'user_profile_modification')
_NAMES = ('delete', *_OF_POSTS, *_WITHHELD_POSTS, *_OF_USERS, 'user_withheld', 'scrub_geo', *_OTHERS)
_HIDES = ('deleted', 'takendown', 'suspended', 'deactivated')


class Event:
    """What one delete event says. `kind`: 'delete' of a post, 'post' or 'author' for an event of either, 'place'."""
    __slots__ = ('kind', 'source', 'key', 'at', 'hidden', 'withheld')

    def __init__(self, kind, source, key, at=None, hidden=True, withheld=False):
        self.kind, self.source, self.key = kind, source, key
        self.at, self.hidden, self.withheld = at, hidden, withheld


# ---------------------------------------------------------------- rule 27: reading events

def compliance(value):
    """The object that is one of X's compliance events: the line, or its `data`; None where neither is."""
    for candidate in (value, value.get('data')):
        if isinstance(candidate, dict) and 'id' not in candidate and 'id_str' not in candidate:
            if any(isinstance(candidate.get(name), dict) for name in _NAMES):
                return candidate
    return None


def is_batch(value):
    return isinstance(value.get('id'), str) and isinstance(value.get('action'), str) and 'text' not in value


def read_compliance(value, arrival):
    """The events of a line of X's streams; none for "not a post"."""
    for name in _NAMES:
        body = value.get(name)
        if isinstance(body, dict):
            break
    else:
        raise Dead('no event')
    if name in _OTHERS:
        return []
    at = _first_time((body.get('event_at'), body.get('timestamp_ms'), body.get('timestampMs'),
                      value.get('timestamp_ms')), arrival)
    if name == 'delete':
        return [Event('delete', 'x', _needed(_post(body)))]
    if name in _OF_POSTS:
        return [Event('post', 'x', _needed(_post(body)), at, _OF_POSTS[name])]
    if name in _OF_USERS:
        return [Event('author', 'x', _needed(_user(body)), at, _OF_USERS[name])]
    if name in _WITHHELD_POSTS:
        key = _post(body)
        key = _identity(body, 'id') if key is None else key
        return [Event('post', 'x', _needed(key), at, _is_everywhere(body), True)]
    if name == 'user_withheld':
        return [Event('author', 'x', _needed(_user(body)), at, _is_everywhere(body), True)]
    user = _user(body)
    _needed(_identity(body, 'user_id') if user is None else user)
    up_to = _text_id(body.get('up_to_tweet_id'))
    _needed(_identity(body, 'up_to_status_id') if up_to is None else up_to)
    return [Event('place', 'x', None)]


def read_batch(value, arrival):
    """The events of a line of a batch compliance file; none for "not a post"."""
    action, reason = value['action'], value.get('reason')
    if action not in ('delete', 'scrub_geo'):
        return []
    key = _needed(_text_id(value['id']))
    if action == 'scrub_geo' or reason == 'scrub_geo':
        return [Event('place', 'x', None)]
    at = _first_time((value.get('redacted_at'), value.get('suspended_at')), arrival)
    is_post = is_user = True
    if int(key) <= SEQUENTIAL:
        told = value.get('created_at')
        created = _instant(told) if isinstance(told, str) and told.endswith('Z') else None
        is_user = created is None or created >= _TIMED_SINCE or int(key) <= _LAST_USER_BEFORE
        is_post = not is_user
    undoable = reason in ('suspended', 'protected', 'deactivated')
    events = []
    if is_post:
        events.append(Event('post', 'x', key, at) if undoable else Event('delete', 'x', key))
    if is_user:
        events.append(Event('author', 'x', key, at))
    return events


def read_account(event, arrival):
    """The events of an account event of Jetstream; none for "not a post"."""
    did, time_us, account = event.get('did'), event.get('time_us'), event.get('account')
    if not isinstance(did, str) or not _DID.match(did):
        raise Dead('no author')
    if type(time_us) is not int or not _EARLIEST <= time_us // 1000 <= arrival + _DAY:
        raise Dead('not a possible time')
    active = account.get('active') if isinstance(account, dict) else None
    if type(active) is not bool:
        raise Dead('no active')
    status = account.get('status')
    if not active and isinstance(status, str) and status not in _HIDES:
        return []
    return [Event('author', 'bluesky', did, time_us // 1000, not active)]


def _needed(key):
    if key is None:
        raise Dead('names nobody')
    return key


def _text_id(value):
    return value if isinstance(value, str) and _ID.match(value) else None


def _identity(holder, name):
    if name + '_str' in holder:
        return _text_id(holder[name + '_str'])
    value = holder.get(name)
    return str(value) if type(value) is int and 0 <= value < 10 ** 20 else _text_id(value)


def _post(body):
    if isinstance(body.get('tweet'), dict):
        return _text_id(body['tweet'].get('id'))
    return _identity(body['status'], 'id') if isinstance(body.get('status'), dict) else None


def _user(body):
    return _identity(body['user'] if isinstance(body.get('user'), dict) else body, 'id')


def _is_everywhere(body):
    listed = body.get('withheld_in_countries')
    if not isinstance(listed, list) or not all(isinstance(code, str) and _COUNTRY.match(code) for code in listed):
        raise Dead('no countries')
    return any(code.upper() in ('XX', 'XY') for code in listed)


def _first_time(values, arrival):
    value = next((value for value in values if value is not None), None)
    found = _instant(value)
    return found if found is not None and _EARLIEST <= found <= arrival + _DAY else arrival


def _instant(value):
    if type(value) is int:
        return value
    if not isinstance(value, str):
        return None
    if _EPOCH.match(value):
        return int(value)
    found = _TIME.match(value)
    if not found:
        return None
    try:
        parts = datetime.datetime(*(int(found.group(place)) for place in range(1, 7)))
    except ValueError:
        return None
    instant = calendar.timegm(parts.timetuple()) * 1000 + int((found.group(7) or '0').ljust(3, '0')[:3])
    if found.group(8):
        offset = (int(found.group(9)) * 60 + int(found.group(10))) * 60000
        instant += offset if found.group(8) == '-' else -offset
    return instant


# ---------------------------------------------------------------- rule 24: what is hidden

class Hiding:
    """Everything that hides posts, in whatever order it came."""

    def __init__(self):
        self._deleted = set()
        self._newest = {}

    def add(self, event):
        if event.kind == 'delete':
            self._deleted.add((event.source, event.key))
        elif event.kind != 'place':
            key = (event.kind, event.source, event.key, event.withheld)
            self._newest[key] = max(self._newest.get(key, (-1, False)), (event.at, event.hidden))

    def hides(self, post):
        if self._is_gone(post.source, post.id) or self._is_author_hidden(post.source, post.author, post.created):
            return True
        if post.retweet_of is None:
            return False
        if self._is_gone(post.source, post.retweet_of):
            return True
        return post.retweet_of_author is not None and self._is_author_hidden(
            post.source, post.retweet_of_author, self._original_created(post))

    def _is_gone(self, source, key):
        if (source, key) in self._deleted:
            return True
        return any(self._newest.get(('post', source, key, withheld), (0, False))[1] for withheld in (True, False))

    def _is_author_hidden(self, source, author, created):
        for withheld in (True, False):
            until, hidden = self._newest.get(('author', source, author, withheld), (0, False))
            if hidden and created <= until:
                return True
        return False

    @staticmethod
    def _original_created(post):
        if post.retweet_of_created is not None:
            return post.retweet_of_created // 1000 * 1000
        if post.source != 'bluesky' and re.match(r'^[0-9]{1,19}$', post.retweet_of) and int(post.retweet_of) > SEQUENTIAL:
            return ((int(post.retweet_of) >> 22) + 1288834974657) // 1000 * 1000
        return post.created
