"""Asks the product and compares its answers with our own, figure by figure."""
import datetime

import figures as own
from stack import StackError, iso
from topics import TopicError, parse
from unicode_rules import UNSPACED

ZONES = ('UTC', 'Europe/Rome', 'Asia/Kathmandu', 'America/New_York')
PAGED = 200
MOST_BUCKETS = 400
REFUSED = (
    '', '   ', 'NOT cats', 'cats OR NOT dogs', 'NOT cats NOT dogs', '(cats', 'cats)', '()', '"cats', '""', '!!!', '😀',
    'https://example.com/', 'AND', 'cats AND', 'OR cats', 'cats AND OR dogs', '#', '@', 'x' * 1025,
)


def _text(value):
    """A string as it looks after a way through UTF-8."""
    return value.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace') if value else value


def _instant(value):
    return own.instant(datetime.datetime.strptime(value.replace('Z', '+0000'), '%Y-%m-%dT%H:%M:%S.%f%z'))


class Question:
    """One topic, interval, zone and pair of switches, with both answers."""

    def __init__(self, kind, topic, interval, zone='UTC', stop_words=False, retweet_words=False, note=''):
        self.kind, self.topic, self.interval, self.zone = kind, topic, interval, zone
        self.stop_words, self.retweet_words, self.note = stop_words, retweet_words, note
        self.theirs = self.error = self.ours = None
        self.newest = self.retweeted = ([], 0)
        self.page = PAGED

    def sizes(self):
        """Sizes of buckets worth asking: not too many of them, and only where rule 17 leaves no doubt."""
        out = {}
        for size in own.SIZES:
            if size == 'MINUTES_5' and self.interval[1] - self.interval[0] >= 6 * own.SIZES['HOUR_1']:
                continue  # there are only quarter hours then
            if (self.interval[1] - self.interval[0]) / own.SIZES[size] <= MOST_BUCKETS:
                edges = own.bucket_edges(self.interval[0], self.interval[1], self.zone, size)
                if edges:
                    out[size] = edges
        return out

    def ask(self, client):
        try:
            self.theirs = client.analyse(
                self.topic, self.interval, self.zone, self.stop_words, self.retweet_words, list(self.sizes())
            )
            self.newest = client.posts(self.theirs['id'], 'NEWEST', self.page, 37)
            self.retweeted = client.posts(self.theirs['id'], 'MOST_RETWEETED', PAGED, 50)
        except (StackError, KeyError, TypeError) as error:
            self.error = '%s: %s' % (type(error).__name__, error)
        return self


class Comparison:
    """Counts figures and differences. A difference is (topic, figure, ours, theirs)."""

    def __init__(self, select):
        """`select(topic, interval)` gives the posts of a topic."""
        self._select = select
        self.compared = 0
        self.differences = []

    def check(self, question, what, ours, theirs):
        self.compared += 1
        if ours != theirs:
            self.differences.append((question, what, ours, theirs))
            return False
        return True

    # ------------------------------------------------------------ one question

    def question(self, question, ours):
        """Compares all figures; gives (figures compared, differences) of this question."""
        question.ours = ours
        before = self.compared, len(self.differences)
        if question.error:
            self.check(question, 'an answer', 'an answer', question.error)
        else:
            try:
                self._answer(question, ours)
            except (KeyError, TypeError, ValueError, IndexError) as error:
                self.check(question, 'the shape of the answer', 'as in schema.graphql', repr(error))
        return self.compared - before[0], len(self.differences) - before[1]

    def _answer(self, question, ours):
        result = question.theirs['result']
        self.check(question, 'complete', True, result['complete'])
        self.check(question, 'has a hash', True, bool(result['hash']))
        for name in ('posts', 'retweets', 'replies', 'quotes', 'authors'):
            self.check(question, name, getattr(ours, name), result[name])
        self._ranked(question, 'hashtags', ours.top_hashtags, result['topHashtags'])
        self._ranked(question, 'mentions', ours.top_mentions, result['topMentions'])
        self._ranked(question, 'domains', ours.top_domains, result['topDomains'])
        self._authors(question, ours.top_authors, result['topAuthors'])
        self._words(question, ours, result)
        self._volumes(question, ours, result)
        self._peaks(question, ours, result['peakHours'])
        self._newest(question, ours)
        self._retweeted(question, ours)
        self._canonical(question, ours)

    def _rows(self, question, name, ours, theirs):
        for rank in range(max(len(ours), len(theirs))):
            self.check(
                question, '%s, rank %d' % (name, rank + 1),
                ours[rank] if rank < len(ours) else None, theirs[rank] if rank < len(theirs) else None,
            )

    def _ranked(self, question, name, ours, theirs):
        self.check(question, name + ', distinct', ours.distinct, theirs['distinct'])
        self.check(question, name + ', posts with', ours.posts_with, theirs['postsWith'])
        self._rows(
            question, name,
            [(_text(e['key']), _text(e['label']), e['posts'], e['uses'], e['authors']) for e in ours.entries[:own.TOP]],
            [(e['key'], e['label'], e['posts'], e['uses'], e['authors']) for e in theirs['entries']],
        )

    def _authors(self, question, ours, theirs):
        self.check(question, 'top authors, distinct', ours.distinct, theirs['distinct'])
        self.check(question, 'top authors, posts with', ours.posts_with, theirs['postsWith'])
        self._rows(
            question, 'top authors',
            [
                (e['key'][0], e['key'][1].upper(), _text(e['label']), e['posts'], e['uses'], e['authors'])
                for e in ours.entries[:own.TOP]
            ],
            [(e['key'], e['source'], e['label'], e['posts'], e['uses'], e['authors']) for e in theirs['entries']],
        )

    def _words(self, question, ours, result):
        """Words of the unspaced scripts are the word breaker's, which is ICU's: where there are none, everything is
        compared; else only the words of other scripts, whose order and counts do not depend on it."""
        theirs = result['topWords']
        if not ours.unspaced:
            self.check(question, 'words', ours.words, result['words'])
            self._ranked(question, 'top words', ours.top_words, theirs)
            return
        rows = [(e['key'], e['label'], e['posts'], e['uses'], e['authors']) for e in theirs['entries']]
        spaced = [row for row in rows if not UNSPACED.search(row[0])]
        expected = [(e['key'], e['label'], e['posts'], e['uses'], e['authors']) for e in ours.top_words.entries]
        if len(rows) == own.TOP:
            last = rows[-1]
            expected = [row for row in expected if (-row[2], row[0]) <= (-last[2], last[0])]
        self._rows(question, 'top words outside unspaced scripts', expected, spaced)

    def _volumes(self, question, ours, result):
        sizes = question.sizes()
        for size, edges in sizes.items():
            self._volume(question, ours, edges, size, result['v_' + size])
        fitting = result['fitting']
        if fitting['bucket'] in sizes:
            self._volume(question, ours, sizes[fitting['bucket']], 'fitting ' + fitting['bucket'], fitting)
        counts = {size: len(edges) - 1 for size, edges in sizes.items()}
        smallest = next((size for size in own.SIZES if counts.get(size, 10 ** 9) <= 200), None)
        if smallest:
            self.check(question, 'fitting bucket', smallest, fitting['bucket'])

    def _volume(self, question, ours, edges, name, theirs):
        mine = own.volume(ours.matched, edges)
        rows = [
            [_instant(b['from']), _instant(b['to']), b['posts'], b['retweets'], b['replies'], b['quotes']]
            for b in theirs['buckets']
        ]
        self.check(question, 'volume %s, buckets' % name, len(mine), len(rows))
        starts = {row[0]: row for row in rows}
        for row in mine:
            got = starts.pop(row[0], None)
            self.check(question, 'volume %s from %s' % (name, iso(row[0])), row, got)
        for start in starts:
            self.check(question, 'volume %s from %s' % (name, iso(start)), None, starts[start])

    def _peaks(self, question, ours, theirs):
        mine = own.peak_hours(ours.matched, question.zone)
        covered = own.covered_hours(question.interval[0], question.interval[1], question.zone)
        for weekday in range(7):
            self.check(question, 'peak hours, weekday %d' % weekday, mine[weekday], theirs['posts'][weekday])
            self.check(
                question, 'covered hours, weekday %d' % weekday,
                [round(h, 4) for h in covered[weekday]], [round(h, 4) for h in theirs['coveredHours'][weekday]],
            )

    def _newest(self, question, ours):
        edges, total = question.newest
        self.check(question, 'newest posts, total', ours.posts, total)
        mine = ours.newest(question.page)
        self.check(question, 'newest posts, ids', [p.id for p in mine], [e['node']['id'] for e in edges])
        by_id = {(e['node']['source'], e['node']['id']): e['node'] for e in edges}
        for post in mine:
            node = by_id.get((post.source.upper(), post.id))
            if node is None:
                continue
            for name, value in (
                ('createdAt', iso(post.created)), ('text', _text(post.body.text)), ('lang', post.lang),
                ('authorId', post.author), ('authorUsername', _text(post.username)),
                ('hashtags', [_text(t) for t in post.body.hashtags]), ('mentions', list(post.body.mentions)),
                ('urls', [_text(u) for u in post.body.urls]), ('retweetOf', post.retweet_of),
                ('quoteOf', post.quote_of), ('replyTo', post.reply_to),
            ):
                self.check(question, 'post %s, %s' % (post.id, name), value, node[name])

    def _retweeted(self, question, ours):
        edges, _total = question.retweeted
        mine = [(key, source.upper(), n, reported) for key, source, n, reported in ours.most_retweeted()[:PAGED]]
        theirs = []
        for rank, edge in enumerate(edges):
            # A row is the original, where it was captured, else one of its retweets.
            node = edge['node']
            key = node['retweetOf'] or node['id']
            if rank < len(mine) and mine[rank][0] in (node['id'], node['retweetOf']):
                key = mine[rank][0]
            theirs.append((key, node['source'], edge['capturedRetweets'], edge['reportedRetweets']))
        self._rows(question, 'most retweeted', mine, theirs)

    def _canonical(self, question, ours):
        """The canonical form of a topic must mean the same."""
        try:
            same = self._select(question.theirs['canonicalTopic'], question.interval) == ours.matched
            found = 'finds the same posts' if same else question.theirs['canonicalTopic']
        except TopicError as error:
            found = '%s (%s)' % (question.theirs['canonicalTopic'], error)
        self.check(question, 'canonical topic', 'finds the same posts', found)

    # ------------------------------------------------------------ the rest

    def refused(self, client, interval):
        """Topics that are to be refused, with a place that lies in them."""
        for topic in REFUSED:
            question = Question('to be refused', topic[:40], interval)
            try:
                parse(topic)
                self.check(question, 'our own parser', 'refused', 'accepted')
            except TopicError:
                pass
            try:
                payload = client.start(topic, interval, 'UTC', False, False)
                errors = payload['userErrors']
                found = 'refused' if errors and payload['analysis'] is None else 'accepted'
            except StackError as error:
                errors, found = [], str(error)
            self.check(question, 'refused', 'refused', found)
            for error in errors[:1]:
                length = len(topic.encode('utf-16-le')) // 2
                inside = error['position'] is None or (
                    0 <= error['position'] and error['position'] + (error['length'] or 0) <= length
                )
                self.check(question, 'the place of the error', 'inside', 'inside' if inside else error)

    def accounting(self, ours, theirs, name):
        """Rule 2."""
        question = Question('accounting', name, (0, 0))
        for key, names in (
            ('received', ('received',)), ('stored', ('stored',)), ('duplicates', ('duplicates',)),
            ('deletes', ('deletes',)), ('not_posts', ('notPosts', 'not_posts')),
            ('dead_letters', ('deadLetters', 'dead_letters')), ('filtered', ('filtered',)),
        ):
            self.check(question, key, getattr(ours, key), next((theirs[n] for n in names if n in theirs), None))
        self.check(question, 'pending', 0, theirs.get('pending'))

    def reposts(self, ours, theirs):
        """Rule 5: how many were stored without text."""
        self.check(Question('accounting', 'reposts', (0, 0)), 'without their original', ours, theirs)
