"""Examples of the rules of docs/counting.md."""
import bz2
import gzip
import json
import os
import tempfile
import unittest

import counting
import figures
import reading
import topics
from unicode_rules import fold, fold_tag, host, links_and_rest, nfc, tokens, unescape, words

T0 = 1562167740000  # 2019-07-03T15:29:00Z


def v1(post_id, text='hello', **more):
    tweet = {
        'id_str': str(post_id), 'text': text, 'created_at': 'Wed Jul 03 15:29:00 +0000 2019', 'lang': 'en',
        'user': {'id_str': 'u%s' % post_id, 'screen_name': 'name%s' % post_id},
        'entities': {'hashtags': [], 'user_mentions': [], 'urls': []},
    }
    tweet.update(more)
    return tweet


def v2(post_id, text='hello', **more):
    post = {'id': str(post_id), 'text': text, 'author_id': '7', 'created_at': '2021-04-01T15:52:31.123Z'}
    post.update(more)
    return post


def sky(rkey, text='hello', operation='create', cid='c1', time_us=T0 * 1000 + 999, **more):
    record = {'$type': 'app.bsky.feed.post', 'text': text, 'langs': ['en-US', 'de']}
    record.update(more)
    commit = {'operation': operation, 'collection': 'app.bsky.feed.post', 'rkey': rkey, 'cid': cid, 'record': record}
    return {'did': 'did:plc:a', 'time_us': time_us, 'kind': 'commit', 'commit': commit}


def repost(rkey, uri):
    record = {'$type': 'app.bsky.feed.repost', 'subject': {'uri': uri, 'cid': 'c'}}
    commit = {'operation': 'create', 'collection': 'app.bsky.feed.repost', 'rkey': rkey, 'cid': 'r', 'record': record}
    return {'did': 'did:plc:b', 'time_us': T0 * 1000, 'kind': 'commit', 'commit': commit}


def read(*values, pack=None, name='file'):
    """Counts a file of these lines; bytes are written as they are."""
    data = b''.join((v if isinstance(v, bytes) else json.dumps(v).encode()) + b'\n' for v in values)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, name)
        with open(path, 'wb') as file:
            file.write(pack(data) if pack else data)
        return counting.read_files([path])


def one(value):
    posts = read(value).posts
    assert len(posts) == 1, posts
    return posts[0]


def sums(corpus):
    a = corpus.accounting
    assert a.adds_up()
    return a.received, a.stored, a.duplicates, a.deletes, a.not_posts, a.dead_letters


class Records(unittest.TestCase):
    def test_packed_files_are_recognised_by_their_bytes(self):
        for pack in (None, gzip.compress, bz2.compress):
            self.assertEqual(sums(read(v1(1), v1(2), pack=pack, name='x.txt')), (2, 2, 0, 0, 0, 0))

    def test_the_end_of_a_cut_archive_is_one_dead_letter(self):
        many = [v1(n) for n in range(100, 200)]
        corpus = read(*many, pack=lambda data: bz2.compress(data[:9000]) + bz2.compress(data[9000:])[:-60])
        self.assertTrue(0 < sums(corpus)[1] < 100)
        self.assertEqual(sums(corpus)[5], 1)
        corpus = read(*many, pack=lambda data: gzip.compress(data)[:-30])
        self.assertEqual(sums(corpus)[5], 1)

    def test_a_missing_file_is_an_error(self):
        with self.assertRaises(reading.Unreadable):
            counting.read_files(['/nowhere/at/all'])

    def test_shapes(self):
        corpus = read(
            {'delete': {'status': {'id_str': '1'}}}, {'kind': 'identity', 'did': 'did:plc:a'}, {'errors': [{}]},
            {'data': [], 'meta': {}}, {'data': [v2(5), v2(6)]}, {'data': v2(7)}, {'limit': {'track': 1}}, [1], 3,
            b'{"torn', b'  ', b'', b'\xff\xfe', b'{"a": NaN}', {'kind': 'commit', 'did': 'did:plc:a'},
        )
        self.assertEqual(sums(corpus), (14, 3, 0, 1, 4, 6))

    def test_a_frame_of_jetstream_v2_is_the_event_in_it(self):
        def frame(kind, **payload):
            name = 'network.bsky.jetstream.subscribeEvents#' + kind
            payload = {'$type': name, 'seq': 1, 'did': 'did:plc:a', **payload}
            return {'$type': 'message', 'payload': payload}

        def commit(rkey, time='2019-07-03T06:29:00.000999Z', **more):
            return frame('commit', time=time, **{**sky(rkey, **more)['commit']})
        corpus = read(
            commit('a'), commit('a'), sky('b'), commit('b', operation='delete'), commit('c', time='yesterday'),
            frame('identity', identity={}), frame('info', name='OutdatedCursor'), {'$type': 'error', 'error': 'X'},
            frame('hologram'), {'$type': 'message', 'payload': 1},
        )
        self.assertEqual(sums(corpus), (10, 2, 1, 1, 5, 1))
        self.assertEqual([(p.id, p.created) for p in corpus.posts], [
            ('at://did:plc:a/app.bsky.feed.post/a', 1562135340000)])

    def test_a_byte_order_mark_is_no_harm_and_a_lone_surrogate_is_replaced(self):
        corpus = read(b'\xef\xbb\xbf' + json.dumps(v1(1, 'a\ud83d')).encode())
        self.assertEqual([p.body.text for p in corpus.posts], ['a\ufffd'])

    def test_lacking_is_dead(self):
        lacking_user = v1(1)
        del lacking_user['user']
        corpus = read(
            lacking_user, v1(2, user={'id_str': 5}), v1(3, created_at='yesterday'), v1(
                5, created_at='Sun Feb 30 15:29:00 +0000 2019'), {'data': [{'id': '9', 'text': 'x'}, 4]},
            sky('r', time_us='x'), v1(4, created_at='Wed Jul 03 15:29:00 +0000 1999'), sky('q', text=None),
        )
        self.assertEqual(sums(corpus), (9, 0, 0, 0, 0, 9))

    def test_too_long_is_dead(self):
        self.assertEqual(sums(read(v1(1, 'x' * 100001), v1(2, 'x' * 90000), v1(3, '😀' * 50001),
                                   v1(4, more='x' * reading.LONGEST))), (4, 1, 0, 0, 0, 3))

    def test_duplicates_and_deletes(self):
        corpus = read(
            v1(1, 'first'), v1(1, 'second'), {'data': v2(1)}, v1(2), {'delete': {'status': {'id_str': '2'}}},
            {'delete': {'status': {'id_str': '3'}}}, v1(3),
        )
        self.assertEqual(sums(corpus), (7, 3, 2, 2, 0, 0))
        self.assertEqual([(p.id, p.body.text) for p in corpus.posts], [('1', 'first')])
        self.assertEqual(corpus.accounting.removed, 2)

    def test_authors_come_and_go(self):
        def ids(*events):
            ann = {'id_str': '7', 'screen_name': 'ann'}
            posts = v1(1, user=ann), v1(2, retweeted_status=v1(1, user=ann)), v1(3)
            return [post.id for post in read(*events, *posts).posts]

        def user(name, second):
            return {name: {'user': {'id': '7'}, 'event_at': '2019-07-03T15:29:%02dZ' % second}}

        self.assertEqual(ids(), ['1', '2', '3'])
        self.assertEqual(ids(user('user_suspend', 1)), ['3'])
        self.assertEqual(ids({'data': user('user_protect', 1)}), ['3'])
        self.assertEqual(ids(user('user_unsuspend', 2), user('user_suspend', 1)), ['1', '2', '3'])
        self.assertEqual(ids({'user_delete': {'id': 7, 'timestamp_ms': str(T0 - 1)}}), ['1', '2', '3'])
        withheld = {'user': {'id_str': '7'}, 'timestamp_ms': T0 + 5}
        self.assertEqual(ids({'user_withheld': dict(withheld, withheld_in_countries=['DE', 'XY'])}), ['3'])
        self.assertEqual(ids({'user_withheld': dict(withheld, withheld_in_countries=['DE'])}), ['1', '2', '3'])
        self.assertEqual(ids(user('user_suspend', 1), {
            'user_withheld': dict(withheld, withheld_in_countries=['DE'])}), ['3'])

    def test_posts_come_and_go(self):
        def ids(*events):
            return [post.id for post in read(*events, v1(1), v1(2, retweeted_status=v1(1)), v1(3)).posts]

        self.assertEqual(ids({'delete': {'tweet': {'id': '1', 'author_id': '9'}}}), ['3'])
        drop = {'status': {'id_str': '1'}, 'timestamp_ms': str(T0)}
        self.assertEqual(ids({'drop': drop}), ['3'])
        self.assertEqual(ids({'undrop': dict(drop, timestamp_ms=str(T0 + 1))}, {'drop': drop}), ['1', '2', '3'])
        self.assertEqual(ids({'status_withheld': {'id': 1, 'withheld_in_countries': ['XX']}}), ['3'])

    def test_batch_files_name_posts_or_users(self):
        snowflake = str((T0 - 1288834974657) << 22)
        tweets = v1(snowflake), v1(9, user={'id_str': snowflake}), v1(300000000)
        result = {'action': 'delete', 'reason': 'deleted', 'created_at': '2019-07-03T15:29:00.000Z'}
        self.assertEqual([p.id for p in read(dict(result, id=snowflake), *tweets).posts], ['300000000'])
        old = dict(result, id='300000000', created_at='2008-01-01T00:00:00.000Z')
        self.assertEqual(len(read(old, *tweets).posts), 2)
        self.assertEqual(len(read(dict(old, created_at='2012-01-01T00:00:00.000Z'), *tweets).posts), 3)
        self.assertEqual(sums(read(dict(result, id='1', action='keep'), dict(result, id='x'),
                                   dict(result, id='1', reason='scrub_geo'))), (3, 0, 0, 1, 1, 1))

    def test_bluesky_accounts(self):
        def account(time, active, status=None):
            told = {'active': active, **({'status': status} if status else {})}
            return {'did': 'did:plc:a', 'time_us': time * 1000, 'kind': 'account', 'account': told}

        self.assertEqual(len(read(sky('a'), account(T0, False, 'deleted')).posts), 0)
        self.assertEqual(len(read(account(T0 - 1, False, 'takendown'), sky('a')).posts), 1)
        self.assertEqual(len(read(account(T0 + 2, True), account(T0 + 1, False), sky('a')).posts), 1)
        corpus = read(sky('a'), account(T0 + 1, False, 'throttled'), account(T0, 'no'))
        self.assertEqual(sums(corpus), (3, 1, 0, 0, 1, 1))

    def test_reposts(self):
        uri = 'at://did:plc:a/app.bsky.feed.post/a'
        corpus = read(
            repost('early', uri), sky('a', 'one #Two'), repost('r1', uri), repost('r1', uri), repost('r2', uri + 'b'),
            sky('a', 'three', 'update', cid='c2', time_us=(T0 + 5) * 1000), repost('r3', uri),
            sky('long', 'x' * 10001), repost('r4', uri[:-1] + 'long'),
            {'did': 'did:plc:a', 'time_us': 1, 'kind': 'commit', 'commit': {
                'operation': 'delete', 'collection': 'app.bsky.feed.post', 'rkey': 'a'}},
            repost('r5', uri), repost('r6', 'at://did:plc:a/app.bsky.feed.generator/a'), repost('r7', 5),
            repost('r8', uri), {'did': 'did:plc:b', 'time_us': 1, 'kind': 'commit', 'commit': {
                'operation': 'delete', 'collection': 'app.bsky.feed.repost', 'rkey': 'r8'}},
        )
        self.assertEqual(sums(corpus), (15, 10, 1, 2, 1, 1))
        found = {p.id.split('/')[-1]: p for p in corpus.posts if p.retweet_of}
        # Rule 24: with the post its reposts are hidden.
        self.assertEqual({name: post.body.text for name, post in found.items()}, {'r2': '', 'r4': ''})
        self.assertEqual((corpus.reposts, corpus.without_original), (7, 5))
        corpus = read(repost('early', uri), sky('a', 'one #Two'), repost('r1', uri), repost('r2', uri + 'b'),
                      sky('a', 'three', 'update', cid='c2', time_us=(T0 + 5) * 1000), repost('r3', uri))
        found = {p.id.split('/')[-1]: p for p in corpus.posts if p.retweet_of}
        self.assertEqual({name: post.body.text for name, post in found.items()}, {
            'early': '', 'r1': 'one #Two', 'r2': '', 'r3': 'three'})
        post = found['r1']
        self.assertEqual((post.author, post.lang, post.terms, post.body.hashtags), (
            'did:plc:b', 'en', ' one two ', ('Two',)))
        self.assertEqual((found['r2'].terms, found['r2'].tags, found['r2'].lang), (' ', ' ', 'und'))
        self.assertEqual((post.retweet_of, post.reported, post.reply_to, post.quote_of), (uri, None, None, None))

    def test_reposts_of_an_author_who_was_away_have_no_text(self):
        uri = 'at://did:plc:a/app.bsky.feed.post/a'
        away = {'did': 'did:plc:a', 'time_us': T0 * 1000 + 1000, 'kind': 'account',
                'account': {'active': False, 'status': 'deactivated'}}
        back = dict(away, time_us=T0 * 1000 + 2000, account={'active': True})
        corpus = read(sky('a', 'one'), repost('r1', uri), away, repost('r2', uri), back, repost('r3', uri))
        self.assertEqual([(p.id[-2:], p.body.text) for p in corpus.posts if p.retweet_of], [
            ('r1', 'one'), ('r2', ''), ('r3', '')])

    def test_reposts_have_the_last_rows_at_hand(self):
        recent = counting.Recent(at_hand=3)
        posts = [one(sky(str(n), 'text %d' % n)) for n in range(5)]
        for post in posts + [posts[2]]:
            recent.stored(post)
        self.assertEqual([recent.find(post.id) is not None for post in posts], [False, False, True, True, True])

    def test_bluesky_versions(self):
        corpus = read(
            sky('a', 'one', cid='c1', time_us=2000000 + T0 * 1000), sky('a', 'one', cid='c1'),
            sky('a', 'two', 'update', cid='c2', time_us=3000000 + T0 * 1000),
            sky('a', 'three', 'update', cid='c3', time_us=3000000 + T0 * 1000),
            sky('b'), {'did': 'did:plc:a', 'time_us': 1, 'kind': 'commit', 'commit': {
                'operation': 'delete', 'collection': 'app.bsky.feed.post', 'rkey': 'b'}},
            {'did': 'did:plc:a', 'time_us': 1, 'kind': 'commit', 'commit': {
                'operation': 'create', 'collection': 'app.bsky.feed.like', 'rkey': 'b', 'record': {}}},
        )
        self.assertEqual(sums(corpus), (7, 4, 1, 1, 1, 0))
        self.assertEqual([p.body.text for p in corpus.posts], ['two', 'three'])
        self.assertEqual([p.body.text for p in counting.winners(corpus.posts)], ['three'])
        self.assertEqual(corpus.posts[0].id, 'at://did:plc:a/app.bsky.feed.post/a')

    def test_times(self):
        self.assertEqual(one(v1(1)).created, T0)
        self.assertEqual(one({'data': v2(1)}).created, 1617292351123)
        self.assertEqual(one(sky('a')).created, T0)
        snow = v1(1146448000000000000, created_at=None)
        self.assertEqual(one(snow).created, (1146448000000000000 >> 22) + 1288834974657)
        self.assertEqual(sums(read(v1(41943040000, created_at=None)))[5], 1)


class Texts(unittest.TestCase):
    def test_text_of_v1(self):
        entities = {'hashtags': [{'text': 'b', 'indices': [2, 4]}], 'user_mentions': [], 'urls': []}
        post = one(v1(1, 'cut…', extended_tweet={'full_text': 'a #b &amp;amp;', 'entities': entities}))
        self.assertEqual((post.body.text, post.tags, post.terms), ('a #b &amp;', ' b ', ' a b amp '))

    def test_indices_count_the_escaped_text(self):
        def at(start, end):
            mention = {'screen_name': 'tag', 'indices': [start, end]}
            return v1(1, '&lt;3 😀 &amp; @tag', entities={'hashtags': [], 'user_mentions': [mention], 'urls': []})

        self.assertEqual(one(at(13, 17)).terms, ' 3 tag ')  # where it begins there is no sign
        self.assertEqual(one(at(14, 18)).terms, ' 3 @tag ')

    def test_note_tweet(self):
        post = one({'data': v2(1, 'cut', note_tweet={'text': 'long #one', 'entities': {}}, entities={
            'hashtags': [{'start': 0, 'end': 3, 'tag': 'no'}]})})
        self.assertEqual((post.body.text, post.tags), ('long #one', ' '))

    def test_retweet_takes_its_original(self):
        inner = v1(5, 'the original @bob #tag', entities={
            'hashtags': [{'text': 'tag', 'indices': [18, 22]}],
            'user_mentions': [{'screen_name': 'bob', 'indices': [13, 17]}], 'urls': []}, retweet_count=9)
        post = one(v1(6, 'RT @name5: the orig…', retweeted_status=inner, in_reply_to_status_id_str='1',
                      quoted_status_id_str='2', lang='ja', retweet_count=0))
        self.assertEqual(post.terms, ' the original @bob tag ')
        self.assertEqual((post.retweet_of, post.reply_to, post.quote_of, post.reported), ('5', None, None, 9))
        self.assertEqual((post.lang, post.author), ('ja', 'u6'))

    def test_v2_retweet_with_and_without_original(self):
        retweet = v2(6, 'RT @Ab: hi #tag @c', referenced_tweets=[{'type': 'retweeted', 'id': '5'}], entities={
            'hashtags': [{'start': 11, 'end': 15, 'tag': 'tag'}],
            'mentions': [{'start': 3, 'end': 6, 'username': 'Ab'}, {'start': 16, 'end': 18, 'username': 'c'}]},
            public_metrics={'retweet_count': 3})
        post = one({'data': retweet})
        self.assertEqual((post.terms, post.body.mentions, post.body.text), (' hi tag @c ', ('c',), 'hi #tag @c'))
        self.assertEqual(post.reported, 3)
        with_original = {'data': retweet, 'includes': {
            'tweets': [v2(5, 'hi whole', public_metrics={'retweet_count': 4})], 'users': [{'id': '7', 'username': 'Me'}]}}
        post = one(with_original)
        self.assertEqual((post.terms, post.username, post.reported), (' hi whole ', 'Me', 4))

    def test_kinds(self):
        post = one(v1(1, in_reply_to_status_id_str='2', quoted_status_id_str='3'))
        self.assertEqual((post.reply_to, post.quote_of), ('2', '3'))
        uri = 'at://did:plc:b/app.bsky.feed.post/z'
        post = one(sky('a', reply={'parent': {'uri': uri}}, embed={'record': {'record': {'uri': uri}}}))
        self.assertEqual((post.reply_to, post.quote_of, post.lang), (uri, uri, 'en'))
        other = 'at://did:plc:b/app.bsky.feed.generator/z'
        self.assertIsNone(one(sky('a', embed={'record': {'uri': other}})).quote_of)

    def test_bluesky_facets_count_bytes(self):
        text = 'é😀 #tag @bob.bsky.social www.x.org &amp;'
        at = len('é😀 '.encode())

        def facet(start, end, **feature):
            return {'index': {'byteStart': start, 'byteEnd': end}, 'features': [feature]}

        post = one(sky('a', text, tags=['Later Tag'], facets=[
            facet(at, at + 4, **{'$type': 'app.bsky.richtext.facet#tag', 'tag': 'other'}),
            facet(at + 5, at + 21, **{'$type': 'app.bsky.richtext.facet#mention', 'did': 'did:plc:b'}),
            facet(at + 22, at + 31, **{'$type': 'app.bsky.richtext.facet#link', 'uri': 'https://www.x.org/a'}),
            facet(1, 3, **{'$type': 'app.bsky.richtext.facet#tag', 'tag': 'inside a code point'}),
        ]))
        self.assertEqual(post.terms, ' e tag @bob.bsky.social amp ')
        self.assertEqual((post.tags, post.body.hashtags), (' tag later_tag ', ('tag', 'Later Tag')))
        self.assertEqual((post.body.mentions, post.domains), (('bob.bsky.social',), ('x.org',)))

    def test_absent_key_means_extraction_and_empty_means_none(self):
        bare = v1(1, 'a #b @c_d')
        del bare['entities']
        self.assertEqual((one(bare).terms, one(bare).tags), (' a b @c_d ', ' b '))
        self.assertEqual((one(v1(1, 'a #b @c')).terms, one(v1(1, 'a #b @c')).tags), (' a b c ', ' '))

    def test_unusable_entities(self):
        entities = {'hashtags': [
            {'text': 'one', 'indices': [2, 6]}, {'text': 'over', 'indices': [4, 9]}, {'text': 'out', 'indices': [40, 44]},
            {'text': 'nosign', 'indices': [0, 1]}, {'text': 'twice', 'indices': [2, 6]},
        ], 'user_mentions': [{'screen_name': 'x y', 'indices': [7, 11]}], 'urls': []}
        post = one(v1(1, 'a #one @x y end', entities=entities))
        self.assertEqual(post.body.hashtags, ('nosign', 'one', 'twice', 'over', 'out'))
        self.assertEqual((post.terms, post.body.mentions), (' a one x y end ', ()))

    def test_a_piece_ends_a_token(self):
        entities = {'hashtags': [{'text': 'b', 'indices': [1, 3]}], 'user_mentions': [], 'urls': []}
        self.assertEqual(one(v1(1, 'a#bc', entities=entities)).terms, ' a b c ')

    def test_domains(self):
        urls = [{'expanded_url': u} for u in (
            'https://www.Example.com:80/x', 'http://u@example.com', 'https://mobile.twitter.com/a', 'https://nott.co/',
            'ftp://f.org', 'https://example.com/x')] + [{'expanded_url': None}]
        post = one(v1(1, 'x', entities={'hashtags': [], 'user_mentions': [], 'urls': urls}))
        self.assertEqual(post.domains, ('example.com', 'nott.co'))
        self.assertEqual(one(v1(1, 'see http://a.org/b&amp;c and www.b.org')).body.urls, ('http://a.org/b&c', 'www.b.org'))
        self.assertEqual(one(v1(1, 'see http://a.org/b and www.b.org')).domains, ('a.org',))


class Words(unittest.TestCase):
    def test_fold(self):
        self.assertEqual(fold('ÉCOLE Straße ΑΣ İ ﬁ ＡＢ'), 'ecole strasse ασ i fi ab')
        self.assertEqual(fold('हिन्दी'), 'हिन्दी')
        self.assertEqual(fold('مُحَمَّد'), 'محمد')
        self.assertEqual(fold('한국'), nfc('한국'))

    def test_unescape_once(self):
        self.assertEqual(unescape('&amp;lt; &#39;&quot;'), '&lt; \'"')

    def test_links(self):
        found, rest = links_and_rest('a HTTPS://x.y/z?q=1#f,b xwww.no.com www.yes.com日本')
        self.assertEqual(found, ['HTTPS://x.y/z?q=1#f,b', 'www.yes.com'])
        self.assertEqual(tokens(fold(rest)), ['a', 'xwww', 'no', 'com', '日', '本'])

    def test_tokens(self):
        self.assertEqual(tokens("don't low-cost x_y 3½"), ['don', 't', 'low', 'cost', 'x_y', '3½'])
        self.assertEqual(tokens(fold('3½')), ['31', '2'])
        self.assertEqual(tokens('abc東京xyz'), ['abc', '東', '京', 'xyz'])
        self.assertEqual(tokens('한국어 กา'), ['한국어', 'ก', 'า'])

    def test_tags(self):
        self.assertEqual(fold_tag('Été\u200c 日\u00a0\u3000本'), 'ete_日_本')
        self.assertEqual(fold_tag('\u200d'), '')
        self.assertEqual(fold_tag('a\U0001fae8b\U0001faff'), 'a\U0001fae8b')

    def test_words(self):
        self.assertEqual(words('Año a 42 x2 Don’t ΟΔΟΣ __'), (['año', 'x2', 'don', 'οδος'], False))
        self.assertEqual(words('foo東京bar'), (['foo', 'bar'], True))

    def test_host(self):
        self.assertEqual(host('HTTPS://WWW.A.com/?x'), 'a.com')
        self.assertIsNone(host('www.a.com'))


class Topics(unittest.TestCase):
    def finds(self, topic, text, tags=''):
        post = counting.Post()
        post.terms, post.tags = ' %s ' % text, ' %s ' % tags if tags else ' '
        return topics.matcher(topics.parse(topic))(post)

    def test_binding(self):
        self.assertTrue(self.finds('a OR b c', 'a'))
        self.assertFalse(self.finds('(a OR b) c', 'a'))
        self.assertTrue(self.finds('a NOT b', 'a'))
        self.assertFalse(self.finds('a NOT b OR c', 'a b'))
        self.assertTrue(self.finds('not', 'not'))
        self.assertTrue(self.finds('b AND NOT (a OR c)', 'b'))

    def test_terms(self):
        self.assertTrue(self.finds('CAFÉ', 'the cafe x'))
        self.assertTrue(self.finds('"black cat"', 'the black cat @bob'))
        self.assertFalse(self.finds('"black cat"', 'black the cat'))
        self.assertTrue(self.finds("don't", 'i don t'))
        self.assertTrue(self.finds('東京', '今 東 京 へ'))
        self.assertTrue(self.finds('@Bob', 'cat @bob'))
        self.assertFalse(self.finds('bob', 'cat @bob'))
        self.assertTrue(self.finds("@bob's", 'see @bob s cat'))
        self.assertTrue(self.finds('@bob.bsky.social.', '@bob.bsky.social'))
        self.assertTrue(self.finds('"see @bob"', 'see @bob'))
        self.assertFalse(self.finds('"a@bob"', 'a @bob'))
        self.assertTrue(self.finds('#"Été x"', '', 'a ete_x'))
        self.assertTrue(self.finds('#東京タワー', '', '東京タワー'))
        self.assertFalse(self.finds('#東京', '', '東京タワー'))

    def test_refused(self):
        for topic in ('', ' ', 'NOT a', 'a OR NOT b', '!!!', '😀', 'https://a.b', '(a', 'a)', '"a', 'a OR', 'x' * 1025):
            with self.subTest(topic=topic), self.assertRaises(topics.TopicError):
                topics.parse(topic)
        topics.parse('x' * 1024)

    def test_drawing(self):
        posts = read(*[v1(n, 'alpha beta word%s every day' % (chr(97 + n % 26) * 3)) for n in range(1, 200)]).posts
        drawn = topics.draw(posts, 3, 25)
        self.assertGreaterEqual(len(drawn), 25)
        self.assertEqual(drawn, topics.draw(posts, 3, 25))
        self.assertNotEqual(drawn, topics.draw(posts, 4, 25))


class Figures(unittest.TestCase):
    def test_ranking(self):
        def tagged(post_id, author, *tags):
            text = ' '.join('#' + tag for tag in tags)
            spans, at = [], 0
            for tag in tags:
                spans.append({'text': tag, 'indices': [at, at + len(tag) + 1]})
                at += len(tag) + 2
            return v1(post_id, text, entities={'hashtags': spans, 'user_mentions': [], 'urls': []},
                      user={'id_str': author, 'screen_name': author})

        posts = read(
            tagged(1, 'u', 'Cat', 'cat', 'dog'), tagged(2, 'u', 'CAT', 'Cat'), tagged(3, 'w', 'Dog', 'ant'), v1(4)).posts
        top = figures.Figures(posts, {}).top_hashtags
        self.assertEqual([(e['key'], e['label'], e['posts'], e['uses'], e['authors']) for e in top.entries], [
            ('cat', 'Cat', 2, 4, 1), ('dog', 'Dog', 2, 2, 2), ('ant', 'ant', 1, 1, 1)])
        self.assertEqual((top.distinct, top.posts_with), (3, 3))

    def test_words_leave_out_stop_words_and_retweets(self):
        posts = read(v1(1, 'the cat cat'), v1(2, 'the cat', lang='de'), v1(3, 'RT', retweeted_status=v1(9, 'cat'))).posts
        stop = {'en': frozenset(['the'])}
        self.assertEqual(figures.Figures(posts, stop).words, 4)
        self.assertEqual(figures.Figures(posts, stop, True).words, 5)
        self.assertEqual(figures.Figures(posts, stop, False, True).words, 5)
        self.assertEqual(figures.Figures(posts, stop).top_words.entries[0]['posts'], 2)

    def test_newest_and_most_retweeted(self):
        posts = read(
            v1(10), v1(9), v1(2, retweeted_status=v1(70, retweet_count=5)), v1(3, retweeted_status=v1(8, retweet_count=1)),
            v1(4, retweeted_status=v1(8, retweet_count=2)), v1(5, retweeted_status=v1(7))).posts
        found = figures.Figures(posts, {})
        self.assertEqual([p.id for p in found.newest(3)], ['9', '5', '4'])
        self.assertEqual(found.most_retweeted(), [('8', 'x', 2, 2), ('7', 'x', 1, None), ('70', 'x', 1, 5)])

    def test_intervals_are_half_open(self):
        times = figures.Times(read(v1(1)).posts)
        self.assertEqual(len(times.between(T0, T0 + 1)), 1)
        self.assertEqual(len(times.between(T0 - 1, T0)), 0)

    def test_buckets(self):
        hour = 3600000
        self.assertEqual(
            figures.bucket_edges(T0, T0 + hour, 'Asia/Kathmandu', 'HOUR_1'), [T0, T0 + 46 * 60000, T0 + hour])
        midnight = T0 - T0 % (24 * hour)
        edges = figures.bucket_edges(midnight, midnight + 48 * hour, 'Europe/Rome', 'DAY_1')
        self.assertEqual(edges, [midnight, midnight + 22 * hour, midnight + 46 * hour, midnight + 48 * hour])
        # 2019-07-03 is a Wednesday
        edges = figures.bucket_edges(midnight, midnight + 9 * 24 * hour, 'UTC', 'WEEK_1')
        self.assertEqual(edges, [midnight, midnight + 5 * 24 * hour, midnight + 9 * 24 * hour])
        edges = figures.bucket_edges(midnight, midnight + 31 * 24 * hour, 'UTC', 'MONTH_1')
        self.assertEqual(edges, [midnight, midnight + 29 * 24 * hour, midnight + 31 * 24 * hour])
        rows = figures.volume(read(v1(1), v1(2, retweeted_status=v1(3))).posts, [T0 - 1, T0, T0 + 1])
        self.assertEqual(rows, [[T0 - 1, T0, 0, 0, 0, 0], [T0, T0 + 1, 2, 1, 0, 0]])

    def test_peak_hours_and_dst(self):
        hour = 3600000
        self.assertEqual(figures.peak_hours(read(v1(1)).posts, 'Asia/Kathmandu')[2][21], 1)
        start = 1572127200000  # 2019-10-26T22:00Z, midnight in Rome, a day of 25 hours
        table = figures.covered_hours(start, start + 25 * hour, 'Europe/Rome')
        self.assertEqual((table[6][2], table[6][3], sum(map(sum, table))), (2, 1, 25))
        edges = figures.bucket_edges(start, start + 26 * hour, 'Europe/Rome', 'DAY_1')
        self.assertEqual(edges, [start, start + 25 * hour, start + 26 * hour])
        self.assertIsNone(figures.bucket_edges(start, start + 26 * hour, 'Europe/Rome', 'HOURS_3'))


if __name__ == '__main__':
    unittest.main()
