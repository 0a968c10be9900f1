"""Which of several rows of one id counts (rules 3 and 24). Python orders texts by code points, as their UTF-8 bytes are ordered."""


def winners(rows, deleted, orders):
    """Of the rows (dicts) the one that counts for each (source, id). `orders` is the place of each file in storing."""
    def stored(row):
        return (row['ingested'], orders[row['file']], row['row'])

    firsts = {}
    for row in rows:
        version = (row['source'], row['id'], row.get('version'))
        known = firsts.get(version)
        if known is None or stored(row) < stored(known):
            firsts[version] = row
    best = {}
    for row in firsts.values():
        key = (row['source'], row['id'])
        if key not in best or _age(row) > _age(best[key]):
            best[key] = row
    for row in deleted:
        key = (row['source'], row['id'])
        if key in best and ('before' not in row or best[key]['created'] < row['before']):
            del best[key]
    return best


def _age(row):
    return (row['created'], row.get('version', ''))
