#!/usr/bin/env bash
# The Bot API stand-in that tests/road/bot_api.rs talks to (npm telegram-test-api, MIT), each package checked by the lock file.
# Prints nothing when all is there.
. "$(dirname "$0")/common.sh"
cd "$HERE/setup/telegram-test"
cmp -s package-lock.json node_modules/installed-lock.json && exit 0
node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 18 ? 0 : 1)' 2>/dev/null \
  || fail "the chat tests need Node.js 18 or newer and npm (Debian: apt-get install nodejs npm)."
say "Fetching the chat stand-in telegram-test-api (7 MB)"
npm ci --ignore-scripts --loglevel=error >&2 \
  || fail "npm could not fetch the packages of setup/telegram-test, or one was not the expected one. Check the network and run the same command again."
cp package-lock.json node_modules/installed-lock.json
