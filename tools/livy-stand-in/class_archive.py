"""Where the class archive of Spark lies (the JVM's class data sharing), and how a JVM uses it. `make_class_archive.py` makes it.

    PYTHON-WITH-PYSPARK tools/livy-stand-in/class_archive.py   # prints the JVM's options
"""
import os
import sys

PATH = os.path.join(sys.prefix, 'spark-classes.jsa')


def java_options():
    """Options of the JVM that use the archive, if there is one."""
    return '-XX:SharedArchiveFile=%s -Xlog:cds=off -Xlog:class+path=off' % PATH if os.path.exists(PATH) else ''


if __name__ == '__main__':
    print(java_options())
