"""What is counted without Spark, by examples of docs/counting.md."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))

from analytica_spark import counting  # noqa: E402
from analytica_spark.identity import Hidden, winners  # noqa: E402


def row(identity, **more):
    return {'id': identity, 'source': 'x', 'created': 0, 'ingested': 0, 'file': 'f', 'row': 0, 'author_id': 'a', **more}


class Winners(unittest.TestCase):
    ORDERS = {'f': 0, 'g': 1}

    def of(self, rows, posts=(), authors=()):
        hidden = Hidden()
        hidden.add(posts, authors)
        return [found['author_id'] for found in winners(rows, hidden, self.ORDERS).values()]

    def test_first_stored_of_equal_rows(self):
        rows = [row('1', file='g', author_id='later'), row('1', row=1, author_id='next'), row('1', author_id='first')]
        self.assertEqual(self.of(rows), ['first'])

    def test_newest_version_then_greatest(self):
        rows = [row('1', version=v, created=at, author_id=v) for v, at in (('b', 1), ('c', 2), ('a', 2))]
        self.assertEqual(self.of(rows), ['c'])

    def test_deletes_and_updates(self):
        rows = [row('1', created=5), row('2', created=5), row('3', created=5, author_id='kept')]
        deleted = [{'source': 'x', 'id': '1'}, {'source': 'x', 'id': '2', 'before': 6}, {'source': 'x', 'id': '3', 'before': 5}]
        self.assertEqual(self.of(rows, deleted), ['kept'])

    def test_hidden_authors_and_retweets(self):
        retweet = {'retweet_of': 'o', 'retweet_of_author_id': 'ann', 'created': 9}
        rows = [row('1', created=5, author_id='ann'), row('2', created=6, author_id='ann'),
                row('3', author_id='b', retweet_of_created=999, **retweet), row('4', author_id='c', **retweet),
                row('5', author_id='d', source='bluesky', **{**retweet, 'created': 4})]
        self.assertEqual(self.of(rows, [], [{'source': 'x', 'author_id': 'ann', 'until': 5}]), ['ann', 'c', 'd'])
        self.assertEqual(self.of(rows, [{'source': 'x', 'id': 'o'}]), ['ann', 'ann', 'd'])
        self.assertEqual(len(self.of(rows, [{'source': 'x', 'id': 'o', 'before': 99}])), 5)


class Figures(unittest.TestCase):
    def test_ties_are_cut_by_utf8_bytes(self):
        keys = ['\U00010400', '\uffee', '\ue000', 'a']
        rows = [row(str(place), words=[key]) for place, key in enumerate(keys)]
        words = counting.figures(rows, None, 60000, 3)['lists']['words']
        self.assertEqual([entry['key'] for entry in words['entries']], ['a', '\ue000', '\uffee'])
        self.assertEqual((words['distinct'], words['uses'], words['postsWith']), (4, 4, 4))

    def test_stop_words_by_language(self):
        rows = [row('1', lang='en', words=['the', 'cat']), row('2', lang='es', words=['the']), row('3', lang='en', words=['the'])]
        words = counting.figures(rows, {'en': ['the']}, 60000, 20)['lists']['words']
        self.assertEqual([(entry['key'], entry['posts']) for entry in words['entries']], [('cat', 1), ('the', 1)])
        self.assertEqual((words['uses'], words['postsWith']), (2, 2))

    def test_labels_by_uses_ties_bytewise_least(self):
        rows = [row('1', keys=['cat', 'cat', 'dog'], hashtags=['CAT', 'Cat', 'Dog']), row('2', keys=['cat'], hashtags=[])]
        tags = counting.figures(rows, None, 60000, 20)['lists']['hashtags']['entries']
        self.assertEqual([(tag['key'], tag['label'], tag['posts'], tag['uses']) for tag in tags], [('cat', 'CAT', 2, 3), ('dog', 'Dog', 1, 1)])

    def test_cells_before_1970(self):
        cells = counting.figures([row('1', created=-1), row('2', created=59999, reply_to='9')], None, 60000, 20)['cells']
        self.assertEqual(cells, [[-60000, 1, 0, 0, 0], [0, 1, 0, 1, 0]])

    def test_newest_first_by_bytes_and_source(self):
        rows = [row('a'), row('\U00010400'), row('\uffee'), row('a', source='demo')]
        self.assertEqual([(found['id'], found['source']) for found in counting.newest(rows, 1, 3)], [('\uffee', 'x'), ('a', 'demo'), ('a', 'x')])

    def test_most_retweeted(self):
        rows = [row(str(n), created=n, retweet_of=of, **more) for n, (of, more) in enumerate(
            [('b', {}), ('a', {'retweet_count': 5}), ('b', {'retweet_count': 2, 'retweet_of_created': 9}), ('a', {})])]
        top, total, told = counting.retweeted(rows, 0, 20)
        self.assertEqual([(of['retweet_of'], of['captured'], of.get('reported')) for of in top], [('a', 2, 5), ('b', 2, 2)])
        self.assertEqual((total, told[('x', 'b')]['id'], top[1]['stated']), (2, '2', {9}))


if __name__ == '__main__':
    unittest.main()
