"""The three magic lines of Livy's Python: `%json NAME`, `%table NAME`, `%matplot NAME`."""
import base64
import datetime
import decimal
import io


def json_magic(value):
    return {'application/json': value}


def matplot_magic(value):
    image = io.BytesIO()
    value.gcf().savefig(image, format='png')
    return {'image/png': base64.b64encode(image.getvalue()).decode(), 'text/plain': ''}


SCALARS = {
    type(None): 'NULL_TYPE',
    bool: 'BOOLEAN_TYPE',
    int: 'INT_TYPE',
    float: 'DOUBLE_TYPE',
    str: 'STRING_TYPE',
    datetime.date: 'DATE_TYPE',
    datetime.datetime: 'TIMESTAMP_TYPE',
    decimal.Decimal: 'DECIMAL_TYPE',
}
AS_THEY_ARE = (type(None), bool, int, float)


def _cell(value):
    if isinstance(value, (list, tuple)):
        cells = [_cell(item) for item in value]
        if len({kind for kind, _ in cells}) > 1:
            raise ValueError('value has inconsistent types')
        return 'ARRAY_TYPE', [item for _, item in cells]
    if isinstance(value, dict):
        cells = {key: _cell(item) for key, item in value.items()}
        if len({kind for kind, _ in cells.values()}) > 1:
            raise ValueError('value has inconsistent types')
        return 'MAP_TYPE', {key: item for key, (_, item) in cells.items()}
    kind = SCALARS.get(type(value), 'STRING_TYPE')
    return kind, value if isinstance(value, AS_THEY_ARE) else str(value)


def _columns(row):
    if type(row).__name__ == 'Row':
        row = row.asDict()
    if isinstance(row, dict):
        return sorted(row.items())
    return enumerate(row if isinstance(row, (list, tuple)) else [row])


def table_magic(value):
    headers, data = {}, []
    for row in value if isinstance(value, (list, tuple)) else [value]:
        cells = []
        for name, item in _columns(row):
            kind, cell = _cell(item)
            header = headers.setdefault(name, {'name': str(name), 'type': kind})
            if header['type'] == 'NULL_TYPE':
                header['type'] = kind
            elif kind not in ('NULL_TYPE', header['type']):
                raise ValueError('table rows have different types')
            cells.append(cell)
        data.append(cells)
    columns = [header for _, header in sorted(headers.items())]
    return {'application/vnd.livy.table.v1+json': {'headers': columns, 'data': data}}


BY_NAME = {'json': json_magic, 'table': table_magic, 'matplot': matplot_magic}
