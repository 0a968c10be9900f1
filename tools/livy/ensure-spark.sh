#!/bin/sh
# Makes a Python with PySpark 3.5.6 in a cache outside the checkout, and a Java 17 or newer, where they are missing.
# Prints the Python's path on its last line; everything else goes to stderr.
set -eu

version=3.5.6
home="${XDG_CACHE_HOME:-$HOME/.cache}/twitter-analytica/spark-$version"
python="$home/bin/python"

say() { echo "$*" >&2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

java_version() {
  command -v java >/dev/null 2>&1 || return 1
  java -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1
}

apt_install() {
  command -v apt-get >/dev/null 2>&1 || return 1
  say "Installing $* (apt-get install) ..."
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get update -qq >&2 && as_root apt-get install -y -qq --no-install-recommends "$@" >&2
}

found=$(java_version || true)
if [ "${found:-0}" -lt 17 ]; then
  apt_install openjdk-17-jre-headless || {
    say 'Spark needs Java 17: install it (Debian: apt-get install openjdk-17-jre-headless), or put it on PATH.'
    exit 3
  }
fi

works() { [ -x "$python" ] && [ -f "$home/.complete" ]; }

if ! works; then
  mkdir -p "$(dirname "$home")"
  # Several runs may start at once: one installs, the others wait for it.
  exec 9>"$home.lock"
  if command -v flock >/dev/null 2>&1; then flock 9; fi
  if ! works; then
    say "Installing PySpark $version into $home (317 MB, once) ..."
    rm -rf "$home"
    base=''
    # PySpark 3.5 runs on Python 3.8 to 3.12.
    for candidate in "${PYTHON:-python3}" python3.11 python3.12 python3.10 python3.9; do
      if "$candidate" -c 'import sys; sys.exit(not (3, 8) <= sys.version_info < (3, 13))' 2>/dev/null; then
        base=$candidate
        break
      fi
    done
    if [ -z "$base" ]; then
      say 'PySpark 3.5 needs a Python from 3.8 to 3.12: set PYTHON to one.'
      exit 3
    fi
    "$base" -m venv "$home" 2>/dev/null || {
      rm -rf "$home"
      apt_install python3-venv && "$base" -m venv "$home"
    } || {
      say 'Python cannot make a virtual environment (Debian: apt-get install python3-venv).'
      exit 3
    }
    "$python" -m pip install --quiet --disable-pip-version-check "pyspark==$version" >&2 || {
      rm -rf "$home"
      say "PySpark $version could not be installed by pip."
      exit 3
    }
    touch "$home/.complete"
  fi
fi

echo "$python"
