#!/bin/sh
# Starts one role of the image. `exec` hands the signals on: SIGTERM reaches Node itself.
set -eu
case "${1:-api}" in
  api) exec node services/api/src/main.ts ;;
  worker) exec node services/worker/src/main.ts ;;
  *) exec node services/standalone/bin/sheaf.js "$@" ;;
esac
