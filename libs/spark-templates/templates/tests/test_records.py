"""Rows out of the text that the lake keeps of each."""
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))

from analytica_spark import facts_form, records  # noqa: E402


def record(beside=None, **fields):
    told = {'id': '1', 'author_id': '7', 'source': 'x', **fields}
    facts = facts_form.FIELD_SEPARATOR.join(str(told.get(name, '')) for name in facts_form.FIELDS)
    return [facts, 1000, beside, 'Text', 'en', None, None, None, None, '5', None, 3, None, None, 'f', 2, 0]


class Records(unittest.TestCase):
    def test_the_least(self):
        self.assertEqual(records.unpacked(record(), False), {
            'id': '1', 'author_id': '7', 'source': 'x', 'created': 1000, 'ingested': 1000, 'text': 'Text', 'lang': 'en',
            'reply_to': '5', 'like_count': 3, 'file': 'f', 'row': 2, 'keys': [], 'hashtags': [], 'mentions': [], 'domains': [],
            'words': []})

    def test_everything(self):
        row = records.unpacked(record(
            author_username='bob', version='c', delay=-3, retweet_count=9, tags='a b', hashtags='A x\x1eB', mentions='m n',
            domains='d e\x1ef', words='one two'), False)
        told = {name: row[name] for name in ('author_username', 'version', 'ingested', 'retweet_count', 'keys', 'hashtags',
                                             'mentions', 'domains', 'words')}
        self.assertEqual(told, {
            'author_username': 'bob', 'version': 'c', 'ingested': 997, 'retweet_count': 9, 'keys': ['a', 'b'],
            'hashtags': ['A x', 'B'], 'mentions': ['m', 'n'], 'domains': ['d e', 'f'], 'words': ['one', 'two']})

    def test_tags_spelled_as_they_are(self):
        self.assertEqual(records.unpacked(record(tags='a b'), False)['hashtags'], ['a', 'b'])

    def test_words_of_retweets_are_asked_for_or_not(self):
        self.assertNotIn('words', records.unpacked(record(retweet_of='9'), False))
        self.assertEqual(records.unpacked(record(['w'], retweet_of='9'), True)['words'], ['w'])
        self.assertEqual(records.unpacked(record(['w'], words='*'), True)['words'], ['w'])

    def test_words_in_terms(self):
        terms = ' the a @bob 12 1a \u00e9 \u00e9a _x __ \U0001d49c \U0001d49c\U0001d4b7 \u6771 \u043a\u043e\u0442 \u0663\u0664 z '
        words = ['the', '1a', '\u00e9a', '_x', '\U0001d49c\U0001d4b7', '\u043a\u043e\u0442']
        self.assertEqual(records.unpacked(record(terms, words='*'), False)['words'], words)

    def test_no_facts_or_a_character_of_a_later_unicode(self):
        self.assertIsNone(records.unpacked([None, *record()[1:]], False))
        self.assertIsNone(records.unpacked(record(' cat \U000e0fff1 ', words='*'), False))
        self.assertEqual(records.words_in(' c\U000e0fff '), ['c\U000e0fff'])


VECTORS = os.path.join(os.path.dirname(__file__), '../../../lake/src/facts/golden-vectors.json')
# The columns that a vector's row does not state: those of an example.
EXAMPLE = {'terms': ' the black cat @bob ', 'words': ['the', 'black', 'cat'], 'created_at': '2026-03-01T10:00:00.000Z'}


class GoldenVectors(unittest.TestCase):
    """The same rows, facts and answers that the lake's SQL and the embedded engine's reader are tested on."""

    def check(self, vector, retweet_words):
        row, facts, read = {**EXAMPLE, **vector['row']}, vector['facts'], vector['read']
        in_terms = facts is not None and facts.endswith(facts_form.FIELD_SEPARATOR + facts_form.WORDS_ARE_IN_TERMS)
        beside = row['words'] if retweet_words else row['terms'] if in_terms else None
        found = records.unpacked([facts, read['created'], beside] + [None] * len(records.BESIDE), retweet_words)
        if facts is None:
            return self.assertIsNone(found)
        expected = {name: read[name] for name in ('id', 'source', 'author_id', 'created', 'ingested', 'hashtags', 'mentions',
                                                  'domains')}
        expected['keys'] = read['tags']
        for name in ('author_username', 'version', 'retweet_of', 'retweet_count'):
            if read[name] is not None:
                expected[name] = read[name]
        words = read['words_with_retweets' if retweet_words else 'words']
        if words is not None:
            expected['words'] = words
        self.assertEqual(found, expected)

    def test_every_row_is_read_as_it_should_be(self):
        with open(VECTORS, encoding='utf-8') as file:
            vectors = json.load(file)
        self.assertGreater(len(vectors), 100)
        for vector in vectors:
            for retweet_words in (False, True):
                with self.subTest(row=vector['row'], retweet_words=retweet_words):
                    self.check(vector, retweet_words)


if __name__ == '__main__':
    unittest.main()
