#!/bin/sh
# Makes what tests of s3a:// paths need, in a cache outside the checkout: moto's server (pip) and Hadoop's S3A jars (Maven).
# Prints the folder on its last line; everything else goes to stderr. Exit code 3: it cannot be had here.
set -eu

hadoop=3.3.4
sdk=1.12.262
moto=5.2.5
cache="${XDG_CACHE_HOME:-$HOME/.cache}/twitter-analytica"
home="$cache/s3a-$hadoop-$sdk-$moto"
spark_python=$(sh "$(dirname "$0")/../../../tools/livy/ensure-spark.sh")

say() { echo "$*" >&2; }

works() { [ -f "$home/.complete" ]; }

if ! works; then
  mkdir -p "$cache"
  exec 9>"$home.lock"
  if command -v flock >/dev/null 2>&1; then flock 9; fi
fi

if ! works; then
  command -v mvn >/dev/null 2>&1 || {
    say 'The jars for s3a:// are had by Maven: install it (Debian: apt-get install maven).'
    exit 3
  }
  rm -rf "$home"
  mkdir -p "$home/jars"
  say "Fetching Hadoop's S3A $hadoop and the AWS SDK $sdk into $home (282 MB, once) ..."
  for artifact in "org.apache.hadoop:hadoop-aws:$hadoop" "com.amazonaws:aws-java-sdk-bundle:$sdk"; do
    mvn -B -q -ntp org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy -Dartifact="$artifact" \
      -DoutputDirectory="$home/jars" >&2 || {
      say "$artifact cannot be had from this Maven repository."
      exit 3
    }
  done
  say "Installing moto $moto ..."
  "$spark_python" -m venv "$home/python" >&2
  "$home/python/bin/python" -m pip install --quiet --disable-pip-version-check "moto[server,s3]==$moto" >&2 || {
    say "moto $moto could not be installed by pip."
    exit 3
  }
  touch "$home/.complete"
fi

echo "$home"
