#!/usr/bin/env bash
# The programs that the tests run against: a real Redis, a real browser, and two unzip programs that are not ours.
# Silent when all are there. Installs what is missing where it may (Debian or Ubuntu, as root), else says what to install
# and leaves it to the tests that need it to fail. With `archives`, also the programs of `npm run test:archives`.
set -euo pipefail

missing=()
command -v redis-server >/dev/null || missing+=(redis-server)
# Any Chromium will do; its headless shell, where Debian has it, takes half of the time.
has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null
may_have_shell() { [ "$(id -u)" -eq 0 ] && apt-cache show chromium-headless-shell; } >/dev/null 2>&1
if ! command -v chromium-headless-shell >/dev/null; then
  if ! has_chromium || may_have_shell; then missing+=(chromium-headless-shell); fi
fi
command -v unzip >/dev/null || missing+=(unzip)
command -v 7z >/dev/null || missing+=(p7zip-full)
if [ "${1:-}" = archives ]; then
  command -v bsdtar >/dev/null || missing+=(libarchive-tools)
  command -v python3 >/dev/null || missing+=(python3)
  command -v jar >/dev/null || missing+=(default-jdk-headless)
fi
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "install-test-tools: missing ${missing[*]}; there is no apt-get here, please install them in this system's way." >&2
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "install-test-tools: missing ${missing[*]}; please run: sudo apt-get install -y ${missing[*]}" >&2
  echo "install-test-tools: where there is no package chromium-headless-shell, chromium will do." >&2
  exit 0
fi

log="$(mktemp)"
trap 'rm -f "$log"' EXIT
echo "install-test-tools: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
# Older Debians and Ubuntus have no headless shell on its own.
known() { for name in "${missing[@]}"; do
  if [ "$name" = chromium-headless-shell ] && ! apt-cache show "$name" >/dev/null 2>&1; then name=chromium; fi
  echo "$name"
done; }
if ! { apt-get update && known | xargs apt-get install -y --no-install-recommends; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "install-test-tools: could not install ${missing[*]} (the end of apt-get's output is above)." >&2
fi
