#!/bin/sh
# Builds the editor of the page from the versions in package-lock.json: one file, and the licences of all that is in it.
# Nothing of it is needed to run or to install Neural Lab. Needs Node.js 20 or newer.
set -eu
cd "$(dirname "$0")"
vendor=../../src/neural_lab/web/static/vendor
npm ci --silent
npx esbuild entry.js --bundle --minify --format=esm --charset=utf8 --legal-comments=none --metafile=meta.json \
  --banner:js="/*! CodeMirror, MIT License: codemirror.LICENSE.txt. Built by tools/codemirror/build.sh. */" \
  --outfile="$vendor/codemirror.js"
node licences.js >"$vendor/codemirror.LICENSE.txt"
rm -r meta.json node_modules
