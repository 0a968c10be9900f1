"""JSON that the server answers with, in the manners of either version."""

REVISION = 'stand-in for tests: Apache Livy\'s REST protocol over PySpark, not Apache Livy'

KINDS = ('spark', 'pyspark', 'sparkr', 'sql', 'shared')

TEXT, WHOLE, LIST, MAP = str, int, list, dict
# Fields of a creation with their types; anything else is refused, as by Livy's parser.
CREATION = {
    'kind': TEXT, 'proxyUser': TEXT, 'jars': LIST, 'pyFiles': LIST, 'files': LIST, 'driverMemory': TEXT, 'driverCores': WHOLE,
    'executorMemory': TEXT, 'executorCores': WHOLE, 'numExecutors': WHOLE, 'archives': LIST, 'queue': TEXT, 'name': TEXT,
    'conf': MAP, 'heartbeatTimeoutInSecond': WHOLE, 'ttl': TEXT,
}
CREATION_BY_VERSION = {'0.8.0': CREATION, '0.9.0': {**CREATION, 'idleTimeout': TEXT}}
STATEMENT = {'code': TEXT, 'kind': TEXT, 'msg_type': TEXT}


def version(options):
    return {
        'url': 'livy-stand-in',
        'branch': 'stand-in',
        'revision': REVISION,
        'version': options.version + '-incubating',
        'date': '',
        'user': 'livy-stand-in',
    }


def session(one):
    request, new = one.request, one.options.version != '0.8.0'
    links = {'driverLogUrl': None, 'sparkUiUrl': None}
    if new:
        links['executorLogUrls'] = None
    view = {
        'id': one.number,
        'name': one.name,
        'appId': None,  # Livy knows one on YARN only
        'owner': None,
        'proxyUser': request.get('proxyUser'),
        'state': one.state,
        'kind': request.get('kind') or 'shared',
        'appInfo': links,
        'log': list(one.lines)[-10:],
    }
    # 0.8 has the field and never fills it.
    view['ttl'] = request.get('ttl') if new else None
    if new:
        view['idleTimeout'] = request.get('idleTimeout')
    for key in ('driverMemory', 'driverCores', 'executorMemory', 'executorCores', 'conf', 'archives', 'files',
                'heartbeatTimeoutInSecond', 'jars', 'numExecutors', 'pyFiles', 'queue'):
        kind = CREATION[key]
        view[key] = request.get(key) or (None if kind is TEXT else kind())
    return view


def page(items, bounds, total_key, items_key, view):
    first, count = bounds
    chosen = items[max(0, first):max(0, first + count)]
    return {total_key: len(items), items_key: [view(item) for item in chosen]}


def wrong_field(request, known, kind):
    """The parser's sentence for the first field that is unknown or of another type, or None."""
    where = ' (through reference chain: org.apache.livy.%s["%s"])'
    for name, value in request.items():
        if name not in known:
            names = ', '.join('"%s"' % key for key in known)
            text = 'Unrecognized field "%s" (class org.apache.livy.%s), not marked as ignorable (%d known properties: %s])'
            return text % (name, kind, len(known), names) + where % (kind, name)
        if value is not None and not isinstance(value, known[name]):
            return 'Cannot deserialize value of field "%s"' % name + where % (kind, name)
    return None
