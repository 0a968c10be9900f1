"""JSON that the server answers with, in the manners of either version."""

REVISION = 'stand-in for tests: Apache Livy\'s REST protocol over PySpark, not Apache Livy'

# Fields of a creation, by version: anything else is refused, as Livy's parser does.
CREATION = (
    'kind', 'proxyUser', 'jars', 'pyFiles', 'files', 'driverMemory', 'driverCores', 'executorMemory', 'executorCores',
    'numExecutors', 'archives', 'queue', 'name', 'conf', 'heartbeatTimeoutInSecond', 'ttl',
)
CREATION_BY_VERSION = {'0.8.0': CREATION, '0.9.0': CREATION + ('idleTimeout',)}
STATEMENT = ('code', 'kind')


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
        'appId': one.application,
        'owner': None,
        'proxyUser': request.get('proxyUser'),
        'state': one.state,
        'kind': request.get('kind') or 'shared',
        'appInfo': links,
        'log': list(one.lines)[-10:],
    }
    if new:
        view.update(ttl=request.get('ttl'), idleTimeout=request.get('idleTimeout'))
    return view


def page(items, query, total_key, items_key, size, view):
    first = int(query.get('from', 0))
    count = int(query.get('size', size))
    chosen = items[max(0, first):max(0, first + count)]
    return {total_key: len(items), items_key: [view(item) for item in chosen]}, first


def unknown_field(names, known, kind):
    """Jackson's sentence for the first field that is not known, or None."""
    for name in names:
        if name not in known:
            return 'Unrecognized field "%s" (class org.apache.livy.%s), not marked as ignorable (%d known properties: %s])' % (
                name, kind, len(known), ', '.join('"%s"' % key for key in known)
            )
    return None
