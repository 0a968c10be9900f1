"""twitter_text.py against the official conformance cases, where they are at hand, and a few of our own."""
import os
import unittest

import tiny_yaml
import twitter_text

CASES = os.environ.get('TWITTER_TEXT_CASES') or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), '..', '..', '..', 'shared', 'conformance', 'twitter-text', 'extract.yml'
)


def names(text, kind):
    return [text[start + 1:end] for start, end, k in twitter_text.extract(text) if k == kind]


class OwnCases(unittest.TestCase):
    def test_hashtag_in_a_link_is_none(self):
        self.assertEqual(names('see http://x.example.com/#tag and foo.com/#other #yes', '#'), ['yes'])

    def test_mention_in_a_link_is_none(self):
        self.assertEqual(names('https://medium.com/@someone/a-post by @writer', '@'), ['writer'])

    def test_a_list_mentions_its_owner(self):
        self.assertEqual(names('@user/list and @other', '@'), ['user', 'other'])

    def test_not_all_numeric(self):
        self.assertEqual(names('#16 #_1 #a1', '#'), ['a1'])


@unittest.skipUnless(os.path.exists(CASES) or os.environ.get('CI'), 'the conformance cases are not at ' + CASES)  # in CI their absence is an error
class Conformance(unittest.TestCase):
    def check(self, section, got, want):
        cases = tiny_yaml.cases(CASES)[section]
        self.assertTrue(cases)
        for case in cases:
            with self.subTest(section=section, case=case['description']):
                self.assertEqual(got(case['text']), want(case['expected'] or []))

    def test_mentions(self):
        self.check('mentions', lambda text: names(text, '@'), list)

    def test_mentions_with_indices(self):
        self.check(
            'mentions_with_indices',
            lambda text: [[start, end] for start, end, kind in twitter_text.extract(text) if kind == '@'],
            lambda expected: [item['indices'] for item in expected],
        )

    def test_lists(self):
        self.check(
            'mentions_or_lists_with_indices',
            lambda text: [[start, end] for start, end, _ in twitter_text.mentions(text)],
            lambda expected: [item['indices'] for item in expected],
        )

    def test_hashtags(self):
        self.check('hashtags', lambda text: names(text, '#'), list)

    def test_hashtags_from_astral(self):
        self.check('hashtags_from_astral', lambda text: names(text, '#'), list)

    def test_hashtags_with_indices(self):
        self.check(
            'hashtags_with_indices',
            lambda text: [[start, end] for start, end, kind in twitter_text.extract(text) if kind == '#'],
            lambda expected: [item['indices'] for item in expected],
        )

    def test_links(self):
        self.check(
            'urls_with_indices',
            lambda text: [[len(text[:s].encode('utf-16-le')) // 2, len(text[:e].encode('utf-16-le')) // 2] for s, e in twitter_text.links(text)],
            lambda expected: [item['indices'] for item in expected],
        )
        self.check('urls', lambda text: [text[start:end] for start, end in twitter_text.links(text)], list)


if __name__ == '__main__':
    unittest.main()
