#!/usr/bin/env bash
# The OAuth2 server stand-in that tests/road/tokens.rs and tests/road/oauth_road.rs talk to (npm oauth2-mock-server, MIT), each package
# checked by the lock file. Prints nothing when all is there.
. "$(dirname "$0")/common.sh"
cd "$HERE/setup/oauth-test"
cmp -s package-lock.json node_modules/installed-lock.json && exit 0
node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 18 ? 0 : 1)' 2>/dev/null \
  || fail "the OAuth2 tests need Node.js 18 or newer and npm (Debian: apt-get install nodejs npm)."
say "Fetching the OAuth2 stand-in oauth2-mock-server (6 MB)"
npm ci --ignore-scripts --loglevel=error >&2 \
  || fail "npm could not fetch the packages of setup/oauth-test, or one was not the expected one. Check the network and run the same command again."
cp package-lock.json node_modules/installed-lock.json
