"""Rule 13: the topic language, and topics drawn from the files themselves."""
import random
import re
from collections import Counter

from unicode_rules import LETTERS, MARKS, NUMBERS, UNSPACED, fold, fold_tag, links_and_rest, tokens


class TopicError(ValueError):
    """A topic that is to be refused."""


_LEXEME = re.compile(r'\s*(?:([()])|([#＃]?)"([^"]*)("?)|([^\s()"]+))')
# A name ends in a letter, mark, number or underscore.
_NAME = re.compile('[%s%s%s_.-]*[%s%s%s_]' % ((LETTERS, MARKS, NUMBERS) * 2))


def _lex(query):
    out, at, end = [], 0, len(query.rstrip())
    while at < end:
        found = _LEXEME.match(query, at)
        bracket, sign, phrase, closed, word = found.groups()
        if bracket:
            out.append((bracket, None))
        elif word in ('AND', 'OR', 'NOT'):
            out.append((word, None))
        elif word is not None:
            out.append(('term', word))
        elif closed:
            out.append(('tag' if sign else 'phrase', phrase))
        else:
            raise TopicError('quotation without an end')
        at = found.end()
    return out


def _contains(field, needle):
    return ('has', field, ' %s ' % needle)


def _tokens(text):
    """Tokens of a term or phrase; `@x` at its start or after white space is a mention."""
    out = []
    for part in re.split(r'\s+(?=[@＠])', text):
        name = _NAME.match(part, 1) if part[:1] in ('@', '＠') else None
        if name and fold_tag(name.group()):
            out.append('@' + fold_tag(name.group()))
            part = part[name.end():]
        out += tokens(fold(part))
    return out


def _term(kind, text):
    if kind == 'tag' or (kind == 'term' and text[:1] in ('#', '＃')):
        name = fold_tag(text if kind == 'tag' else text[1:])
        if not name:
            raise TopicError('a hashtag without a name')
        return _contains('tags', name)
    if kind == 'phrase' or text[0] not in '@＠':
        text = links_and_rest(text)[1]
    found = _tokens(text)
    if not found:
        raise TopicError('a term without a token')
    return _contains('terms', ' '.join(found))


def parse(query):
    """The tree of a topic: ('has', field, needle), ('and', a, b), ('or', a, b), ('not', a)."""
    if len(query.encode('utf-16-le', 'surrogatepass')) > 2048:
        raise TopicError('too long')
    lexemes = _lex(query)
    at = 0

    def peek():
        return lexemes[at][0] if at < len(lexemes) else None

    def either():
        nonlocal at
        tree = both()
        while peek() == 'OR':
            at += 1
            tree = ('or', tree, both())
        return tree

    def both():
        nonlocal at
        tree = negated()
        while peek() in ('AND', 'NOT', '(', 'term', 'phrase', 'tag'):
            if peek() == 'AND':
                at += 1
            tree = ('and', tree, negated())
        return tree

    def negated():
        nonlocal at
        if peek() == 'NOT':
            at += 1
            return ('not', negated())
        if peek() == '(':
            at += 1
            tree = either()
            if peek() != ')':
                raise TopicError('a bracket without an end')
            at += 1
            return tree
        if peek() in ('term', 'phrase', 'tag'):
            at += 1
            return _term(*lexemes[at - 1])
        raise TopicError('a term is missing')

    if not lexemes:
        raise TopicError('empty')
    tree = either()
    if at < len(lexemes):
        raise TopicError('not all of it can be read')
    if _without_terms(tree):
        raise TopicError('NOT alone')
    return tree


def _without_terms(tree):
    """Whether a post without any of the terms would match."""
    if tree[0] == 'has':
        return False
    if tree[0] == 'not':
        return not _without_terms(tree[1])
    left, right = _without_terms(tree[1]), _without_terms(tree[2])
    return (left and right) if tree[0] == 'and' else (left or right)


def matcher(tree):
    """A function of a post."""
    if tree[0] == 'has':
        needle = tree[2]
        if tree[1] == 'tags':
            return lambda post: needle in post.tags
        return lambda post: needle in post.terms
    if tree[0] == 'not':
        inner = matcher(tree[1])
        return lambda post: not inner(post)
    left, right = matcher(tree[1]), matcher(tree[2])
    if tree[0] == 'and':
        return lambda post: left(post) and right(post)
    return lambda post: left(post) or right(post)


# ---------------------------------------------------------------- drawing

_SCRIPTS = [
    ('Arabic', re.compile('[\u0621-\u064a]{3,}')),
    ('Cyrillic', re.compile('[\u0430-\u044f]{3,}')),
    ('Hangul', re.compile('[\uac00-\ud7a3]{2,}')),
    ('Greek', re.compile('[\u03b1-\u03c9]{3,}')),
    ('Devanagari', re.compile('[\u0904-\u0939][\u0904-\u094d]{2,}')),
]
_UNSPACED_SCRIPTS = [
    ('Han', re.compile('[\u4e00-\u9fff]{2}')),
    ('kana', re.compile('[\u3041-\u3096\u30a1-\u30fa]{3}')),
    ('Thai', re.compile('[\u0e01-\u0e2e][\u0e01-\u0e4e]{2,3}')),
]
_PLAIN_WORD = re.compile('[a-z]{3,}')
_RESERVED = {'and', 'or', 'not'}


class _Drawer:
    def __init__(self, posts, seed):
        self.random = random.Random(seed)
        self.posts = posts
        self.token_posts, self.tag_posts, self.mention_posts = Counter(), Counter(), Counter()
        for post in posts:
            present = set(post.terms.split())
            self.token_posts.update(t for t in present if t[0] != '@')
            self.mention_posts.update(t for t in present if t[0] == '@')
            self.tag_posts.update(set(post.body.tags))
        self.topics = {}

    def add(self, kind, topic):
        if topic and topic not in self.topics:
            try:
                parse(topic)
            except TopicError:
                return
            self.topics[topic] = kind

    def pick(self, counter, low, high, accept=lambda key: True):
        """A key that at least `low` and at most `high` posts carry, or None."""
        choice = sorted(k for k, n in counter.items() if low <= n <= high and accept(k))
        return self.random.choice(choice) if choice else None

    def words(self):
        total = len(self.posts)
        ranked = [k for k, _ in sorted(self.token_posts.items(), key=lambda i: (-i[1], i[0])) if _PLAIN_WORD.fullmatch(k)]
        ranked = [word for word in ranked if word not in _RESERVED]
        for word in ranked[:2]:
            self.add('frequent word', word)
        middle, low = max(6, total // 800), max(3, total // 3000)
        for _ in range(4):
            self.add('middling word', self.pick(self.token_posts, middle, middle * 6, _PLAIN_WORD.fullmatch))
        for _ in range(3):
            self.add('rare word', self.pick(self.token_posts, 1, low, _PLAIN_WORD.fullmatch))

    def tags(self):
        def plain(tag):
            return re.fullmatch(r'\w+', tag) is not None

        most = sorted((k for k in self.tag_posts if plain(k)), key=lambda k: (-self.tag_posts[k], k))
        for tag in most[:2]:
            self.add('frequent hashtag', '#' + tag)
        for _ in range(2):
            self.add('hashtag', self._sign('#', self.pick(self.tag_posts, 2, max(4, len(self.posts) // 500), plain)))
        self.add('hashtag in an unspaced script', self._sign('#', self.pick(self.tag_posts, 2, 10 ** 9, UNSPACED.match)))
        both = self.pick(
            self.tag_posts, 2, 10 ** 9, lambda tag: plain(tag) and self.token_posts[tag] > self.tag_posts[tag] * 1.2
        )
        if both:
            self.add('word that is a hashtag too', both)
            self.add('the hashtag of that word', '#' + both)

    @staticmethod
    def _sign(sign, name):
        return sign + name if name else None

    def mentions(self):
        # A name that ends in a stop could be one before the end of a sentence, in a query.
        named = re.compile(r'@\w(?:[\w.-]*\w)?').fullmatch
        most = sorted(filter(named, self.mention_posts), key=lambda k: (-self.mention_posts[k], k))
        for name in most[:1]:
            self.add('frequent mention', name)
        self.add('mention', self.pick(self.mention_posts, 2, max(4, len(self.posts) // 500), named))
        self.add('rare mention', self.pick(self.mention_posts, 1, 1, named))

    def named(self):
        """A mention in a phrase and with something after it; a tag of several words."""
        pairs = Counter()
        for post in self.posts:
            parts = post.terms.split()
            pairs.update(
                (a, b) for a, b in zip(parts, parts[1:])
                if '@' in (a[0], b[0]) and re.fullmatch(r'@?[a-z0-9_]+', a) and re.fullmatch(r'@?[a-z0-9_]+', b)
            )
        before = self.pick(pairs, 1, 10 ** 9, lambda pair: pair[0][0] != '@')
        if before:
            self.add('phrase with a mention', '"%s %s"' % before)
        after = self.pick(pairs, 1, 10 ** 9, lambda pair: pair[0][0] == '@' and pair[1][0] != '@')
        if after:
            self.add('mention and more', "%s'%s" % after)
        tag = self.pick(self.tag_posts, 1, 10 ** 9, re.compile(r'[^\W_]+_[^\W_]+').fullmatch)
        if tag:
            self.add('hashtag of two words', '#"%s"' % tag.replace('_', ' '))

    def phrases(self):
        for length in (2, 3, 2):
            for _ in range(400):
                post = self.random.choice(self.posts)
                parts = post.terms.split()
                if len(parts) < length + 1:
                    continue
                at = self.random.randrange(len(parts) - length + 1)
                some = parts[at:at + length]
                if all(re.fullmatch('[a-z]{2,}', part) for part in some):
                    self.add('phrase of %d' % length, '"%s"' % ' '.join(some))
                    break

    def scripts(self):
        for name, pattern in _SCRIPTS:
            self.add(name + ' word', self.pick(self.token_posts, 2, 10 ** 9, pattern.fullmatch))
        for name, pattern in _UNSPACED_SCRIPTS:
            seen = Counter()
            for post in self.posts:
                if UNSPACED.search(post.body.text):
                    seen.update({found.group() for found in pattern.finditer(fold(post.body.text))})
            self.add(name + ' sequence', self.pick(seen, 3, 10 ** 9) or self.pick(seen, 1, 2))

    def accents(self):
        """A word with its accents, which finds the posts without them, and the other way round."""
        seen = Counter()
        pattern = re.compile('[a-zà-öø-ÿ]{4,}')
        for post in self.posts:
            if not post.body.text.isascii():
                lowered = post.body.text.lower()
                seen.update({w for w in pattern.findall(lowered) if not w.isascii() and fold(w).isascii()})
        word = self.pick(seen, 2, 10 ** 9)
        if word:
            self.add('word with an accent', word)
            self.add('the same without', fold(word).upper())

    def booleans(self):
        frequent = [w for w in self.topics if self.topics[w] == 'frequent word']
        middling = [w for w in self.topics if self.topics[w] == 'middling word']
        tags = [w for w in self.topics if 'hashtag' in self.topics[w] and w[0] == '#']
        mentions = [w for w in self.topics if w[0] == '@']
        if len(frequent) > 1 and len(middling) > 2:
            self.add('AND', '%s AND %s' % (frequent[0], frequent[1]))
            self.add('side by side', '%s %s' % (frequent[1], middling[0]))
            self.add('OR', ' OR '.join(middling[:3]))
            self.add('NOT', '%s NOT %s' % (middling[1], frequent[0]))
            self.add('AND before OR', '%s OR %s %s' % (middling[2], frequent[0], frequent[1]))
            self.add('brackets', '(%s OR %s) AND NOT (%s OR "%s %s")' % (
                middling[0], middling[1], frequent[0], frequent[1], middling[0]))
        if tags and mentions:
            self.add('hashtag or mention', '%s OR %s' % (tags[0], mentions[0]))
        if tags and frequent:
            self.add('hashtag and word', '%s AND %s' % (tags[0], frequent[0]))
            self.add('hashtag without word', '%s NOT %s' % (tags[0], frequent[0]))

    def nothing(self):
        self.add('nothing', 'zqxjkvbnmwpzqxj')


def draw(posts, seed, count=0):
    """[(kind, topic)] from the posts; the same seed and posts give the same topics. `count` is the least number."""
    drawer = _Drawer(posts, seed)
    if not posts:
        return []
    for part in ('words', 'tags', 'mentions', 'named', 'phrases', 'scripts', 'accents', 'booleans', 'nothing'):
        getattr(drawer, part)()
    tries = 0
    while len(drawer.topics) < count and tries < count * 20:
        tries += 1
        drawer.add('word', drawer.pick(drawer.token_posts, 1, 10 ** 9))
    return [(kind, topic) for topic, kind in drawer.topics.items()]


def read_topics(path):
    """One topic a line; blank lines and lines that begin with `//` are left out."""
    with open(path, encoding='utf-8') as file:
        found = [line.strip() for line in file]
    return [('given', line) for line in found if line and not line.startswith('//')]
