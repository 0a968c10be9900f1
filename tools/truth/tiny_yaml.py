"""Reads the subset of YAML that twitter-text's extract.yml is written in. For the tests only."""
import json
import re

_KEY = re.compile(r'^( *)(- )?([a-z_]+):(?: (.*))?$')


def _value(text):
    text = (text or '').strip()
    if text == '':
        return None
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    text = re.sub(r'\\U([0-9a-fA-F]{8})', lambda m: json.dumps(chr(int(m.group(1), 16)))[1:-1], text)
    text = re.sub(r'\\x([0-9a-fA-F]{2})', r'\\u00\1', text)
    try:
        return json.loads(text)
    except ValueError:
        return text


def cases(path):
    """{section: [{description, text, expected}]}; `expected` lists of maps are kept as lists of dicts."""
    sections, case, item = {}, None, None
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            line = line.rstrip('\n')
            found = _KEY.match(line)
            if not found:
                continue
            indent, dash, key, rest = len(found.group(1)), found.group(2), found.group(3), found.group(4)
            if indent == 2 and not dash:
                sections[key] = current = []
            elif indent == 4 and dash:
                case = {key: _value(rest)}
                current.append(case)
            elif indent == 6 and not dash:
                case[key] = _value(rest)
            elif indent == 8 and dash:
                item = {key: _value(rest)}
                case['expected'] = (case.get('expected') or []) + [item]
            elif indent >= 8 and item is not None:
                item[key] = _value(rest)
    return sections
