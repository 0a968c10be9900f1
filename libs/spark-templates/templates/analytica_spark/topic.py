"""A topic's tree as a condition on the columns `terms` and `tags`. Needles are data: they become literals, never SQL text."""
from functools import reduce

from pyspark.sql import functions as F

COLUMNS = ('terms', 'tags')


class BadTopic(ValueError):
    pass


def condition(node):
    """The Column that says whether a post matches. `BadTopic` for anything that is no tree."""
    kind = node.get('type') if isinstance(node, dict) else None
    if kind == 'term':
        return _contains(node)
    if kind == 'not':
        return ~condition(node['child'])
    if kind in ('and', 'or'):
        children = [condition(child) for child in node['children']]
        if not children:
            raise BadTopic('an empty %s' % kind)
        return _balanced(children, kind)
    raise BadTopic('not a topic: %r' % kind)


def columns_of(node):
    """Which of the two columns the tree asks."""
    if node['type'] == 'term':
        return {node['column']}
    children = [node['child']] if node['type'] == 'not' else node['children']
    return reduce(set.union, map(columns_of, children), set())


def _contains(node):
    column, needle = node['column'], node['needle']
    if column not in COLUMNS or not isinstance(needle, str) or not needle:
        raise BadTopic('not a term: %r' % (column,))
    return F.col(column).contains(F.lit(well_formed(needle)))


def _balanced(conditions, kind):
    """Joined in pairs, so that 500 terms are 9 levels deep and not 500."""
    while len(conditions) > 1:
        pairs = zip(conditions[::2], conditions[1::2])
        joined = [left & right if kind == 'and' else left | right for left, right in pairs]
        conditions = joined + conditions[len(joined) * 2:]
    return conditions[0]


def well_formed(text):
    """A lone surrogate has no UTF-8: it becomes U+FFFD, as everywhere in the lake."""
    return text.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')
