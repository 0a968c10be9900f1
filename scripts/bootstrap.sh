#!/bin/sh
# Makes node_modules match package-lock.json. Needs only sh, npm and any Node: it runs before there is anything else.
set -eu
cd "$(dirname "$0")/.."
want=$(cksum < package-lock.json)
if [ "$(cat node_modules/.bootstrapped 2>/dev/null || true)" != "$want" ]; then
  echo "Installing dependencies (first start, or the lockfile changed) ..." >&2
  npm ci --no-audit --no-fund --loglevel=error
  printf '%s\n' "$want" > node_modules/.bootstrapped
fi
