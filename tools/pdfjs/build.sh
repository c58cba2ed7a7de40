#!/bin/sh
# Copies what the page needs of PDF.js, unchanged, and checks it against the checksums that stand beside it.
# Another version: change it here and in README.md, and run with NEW=1 to write its checksums.
# Nothing of it is needed to run or to install Neural Lab. Needs npm.
set -eu
cd "$(dirname "$0")"
here=$PWD
vendor=$(realpath ../../src/neural_lab/web/static/vendor)/pdfjs
trap 'rm -rf "$here/node_modules"' EXIT
npm install --silent --no-save --no-package-lock --omit=optional --ignore-scripts --prefix . pdfjs-dist@6.5.438
from=node_modules/pdfjs-dist
mkdir -p "$vendor"
cp "$from/LICENSE" "$from/build/pdf.min.mjs" "$from/build/pdf.worker.min.mjs" \
  "$from/wasm/jbig2_nowasm_fallback.js" "$from/wasm/LICENSE_JBIG2" "$from/wasm/LICENSE_PDFJS_JBIG2" \
  "$from/wasm/openjpeg_nowasm_fallback.js" "$from/wasm/LICENSE_OPENJPEG" "$from/wasm/LICENSE_PDFJS_OPENJPEG" \
  "$from/standard_fonts/FoxitSymbol.pfb" "$from/standard_fonts/FoxitDingbats.pfb" "$from/standard_fonts/LICENSE_FOXIT" \
  README.md "$vendor"
cd "$vendor"
chmod 644 ./*
if [ -n "${NEW:-}" ]; then sha256sum -- *.mjs *.js *.pfb LICENSE* >SHA256SUMS; fi
sha256sum --check --quiet SHA256SUMS
