#!/bin/sh
# Starts Apache in the foreground as the harness's environment says. What it writes stands in one temporary folder, which goes with it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
authority=${HOSPICERT_BASE_URL#*://}
export PRODUCT_HOST="${authority%:*}" PRODUCT_PORT="${authority##*:}"
RUN_FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/hospicert-apache.XXXXXX")
CRYPTO_PASSPHRASE=$(head -c 32 /dev/urandom | od -An -vtx1 | tr -d ' \n')
export RUN_FOLDER CRYPTO_PASSPHRASE

# Apache's workers run as www-data, which may not be allowed to read the clone.
cp -R "$here/pages" "$RUN_FOLDER/pages"
cp "$HOSPICERT_CA_FILE" "$RUN_FOLDER/ca.pem"
chmod -R a+rX "$RUN_FOLDER"

/usr/sbin/apache2 -f "$here/httpd.conf" -DFOREGROUND &
apache=$!
trap 'kill -TERM "$apache" 2>/dev/null || true' TERM INT
code=0
wait "$apache" || code=$?
# A signal ends the first wait before Apache has ended.
wait "$apache" 2>/dev/null || true
rm -rf "$RUN_FOLDER"
exit "$code"
