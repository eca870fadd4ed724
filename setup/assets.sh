#!/usr/bin/env bash
# What the officers' pages are made of: styles, scripts, icons and template macros, each at a pinned version and checked
# by its hash, into the ignored folder src/web/assets. Nothing in it is committed; the build embeds it.
#   public/  served under /assets        macros/  for the templates        tests/  axe-core and the official fixtures
. "$(dirname "$0")/common.sh"
SPEC="$HERE/setup/assets"
OUT="$HERE/src/web/assets"
STAMP="$(cat "$SPEC/package-lock.json" "$SPEC/macros.txt" "$SPEC"/*.scss "$HERE/setup/assets.sh" | sha256sum | cut -c1-16)"
[ "$(cat "$OUT/complete" 2>/dev/null)" = "$STAMP" ] && exit 0

command -v npm >/dev/null || fail "npm is missing: it fetches the pages' styles. Install it (Debian: apt-get install nodejs npm) and run the same command again."
PACKAGES="$CACHE/web-$(cat "$SPEC/package-lock.json" "$SPEC/macros.txt" | sha256sum | cut -c1-16)"
if [ ! -e "$PACKAGES/complete" ]; then
  say "Fetching the pages' styles, scripts and macros (30 MB)"
  work="$(mktemp -d "$CACHE/fetch.XXXXXX")"; trap 'rm -rf "$work"' EXIT
  cp "$SPEC/package.json" "$SPEC/package-lock.json" "$SPEC/.npmrc" "$work/"
  # npm ci takes exactly what the lock file names and stops when a file's SHA-512 differs.
  (cd "$work" && npm ci --omit=optional --loglevel=error) || fail "npm could not fetch the pages' styles, or a file was not the expected one. Check the network and run the same command again."
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: -r "$SPEC/macros.txt" -d "$work" \
    || fail "the template macros could not be fetched, or were not the expected ones. Check the network and run the same command again."
  mkdir -p "$work/macros/govuk_frontend_jinja"
  unzip -q "$work"/govuk_frontend_jinja-*.whl 'govuk_frontend_jinja/templates/*' 'govuk_frontend_jinja-*/licenses/LICENSE' -d "$work/wheel"
  mv "$work"/wheel/govuk_frontend_jinja/templates/{components,macros} "$work"/wheel/govuk_frontend_jinja-*/licenses/LICENSE "$work/macros/govuk_frontend_jinja/"
  rm -rf "$work/wheel" "$work"/*.whl
  touch "$work/complete"; rm -rf "$PACKAGES"; mv "$work" "$PACKAGES"
fi

say "Building the pages' style sheet"
NEW="$OUT.new"; rm -rf "$NEW"; mkdir -p "$NEW/public/images" "$NEW/tests/fixtures"
GOVUK="$PACKAGES/node_modules/govuk-frontend"; MOJ="$PACKAGES/node_modules/@ministryofjustice/frontend"
cp "$SPEC"/*.scss "$PACKAGES/"
(cd "$PACKAGES" && node_modules/.bin/sass --load-path=. --quiet --quiet-deps --style=compressed --no-source-map heard.scss "$NEW/public/heard.css") \
  || fail "the style sheet could not be built."
cp "$GOVUK/dist/govuk/govuk-frontend.min.js" "$NEW/public/"
cp "$MOJ/moj/moj-frontend.min.js" "$NEW/public/"
cp "$MOJ"/moj/assets/images/icon-*.svg "$NEW/public/images/"
cp -r "$PACKAGES/macros" "$NEW/macros"
cp "$PACKAGES/node_modules/axe-core/axe.min.js" "$NEW/tests/"
for fixture in "$GOVUK"/dist/govuk/components/*/fixtures.json; do
  cp "$fixture" "$NEW/tests/fixtures/$(basename "$(dirname "$fixture")").json"
done
echo "$STAMP" > "$NEW/complete"
rm -rf "$OUT"; mv "$NEW" "$OUT"
