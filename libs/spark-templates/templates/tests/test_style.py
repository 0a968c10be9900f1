"""Every template compiles, and uses each name that it imports."""
import ast
import glob
import os
import unittest

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
FILES = sorted(glob.glob(os.path.join(FOLDER, '**', '*.py'), recursive=True))


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield (alias.asname or alias.name).split('.')[0]


class Style(unittest.TestCase):
    def test_compiles_and_imports_only_what_it_uses(self):
        self.assertGreater(len(FILES), 10)
        for path in FILES:
            with self.subTest(path=os.path.relpath(path, FOLDER)), open(path, encoding='utf-8') as file:
                text = file.read()
                tree = ast.parse(text)
                compile(tree, path, 'exec')
                used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
                self.assertEqual(sorted(set(imported(tree)) - used), [])
                self.assertEqual([line for line in text.splitlines() if len(line) > 120 and '/tests/' not in path], [])


if __name__ == '__main__':
    unittest.main()
