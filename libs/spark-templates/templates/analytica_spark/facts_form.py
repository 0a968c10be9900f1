"""The form of the lake's column of facts (docs/adr/0003). Written by libs/lake/src/facts/python-form.ts; not to be edited."""
COLUMN = 'facts_2'
FIELDS = (
    'id',
    'author_id',
    'author_username',
    'source',
    'lang',
    'version',
    'delay',
    'kind',
    'retweet_of',
    'retweet_of_created',
    'retweet_count',
    'tags',
    'hashtags',
    'mentions',
    'domains',
    'words',
)
FIELD_SEPARATOR = '\x1f'
ITEM_SEPARATOR = '\x1e'
TOKEN_SEPARATOR = ' '
WORDS_ARE_IN_TERMS = '*'
SNOWFLAKE_EPOCH_MS = 1288834974657
SNOWFLAKE_TIME_SHIFT = 22
LAST_ID_WITHOUT_TIME = 41943040000
