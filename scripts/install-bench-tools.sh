#!/usr/bin/env bash
# The peers that `npm run bench:archive` measures beside ours. Silent when all are there. Installs what is missing where
# it may (Debian or Ubuntu, as root), else says what to install; a peer that is missing is then missing from the table.
set -euo pipefail

missing=()
command -v zip >/dev/null || missing+=(zip)
command -v 7z >/dev/null || missing+=(p7zip-full)
command -v bsdtar >/dev/null || missing+=(libarchive-tools)
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "install-bench-tools: missing ${missing[*]}; there is no apt-get here, please install them in this system's way." >&2
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "install-bench-tools: missing ${missing[*]}; please run: sudo apt-get install -y ${missing[*]}" >&2
  exit 0
fi

log="$(mktemp)"
trap 'rm -f "$log"' EXIT
echo "install-bench-tools: installing ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
# Installing nginx would start it: a benchmark starts its own, on a port of its own.
if ! { apt-get update && RUNLEVEL=1 apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "install-bench-tools: could not install ${missing[*]} (the end of apt-get's output is above)." >&2
fi
