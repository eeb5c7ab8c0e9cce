#!/bin/sh
# Starts one role of the image. `exec` hands the signals on: SIGTERM reaches Node itself.
set -eu
case "${1:-api}" in
  api) exec node services/api/src/main.ts ;;
  # shellcheck disable=SC2046 # one word each
  worker) exec node $(cat services/worker/node-flags) services/worker/src/main.ts ;;
  *) exec node services/standalone/bin/sheaf.js "$@" ;;
esac
