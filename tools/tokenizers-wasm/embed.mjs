// Writes a module that holds a WebAssembly file: node embed.mjs FROM.wasm TO.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const [from, to] = process.argv.slice(2);
const packed = gzipSync(readFileSync(from), { level: 9 });
// The byte that names the operating system, so that every machine writes the same file.
packed[9] = 255;
writeFileSync(
  to,
  '/** Made by tools/tokenizers-wasm/build.sh: a WebAssembly module, gzip in base64. */\n' +
    `export const WASM_GZIP =\n  '${packed.toString('base64')}';\n`,
);
console.log(`${to}: ${packed.length} bytes packed`);
