/**
 * `npm start`: builds the page when its sources are newer than the last build, serves it, prints its
 * address. `--port N` asks for a port (the next free one is taken), `--strict-port` insists on it; `--hub URL`
 * lets the page connect to one more hub, which it then asks for models.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, preview } from 'vite';
import { mirrorOrigin, servedPolicyPlugin } from './policy.ts';

const root = path.resolve(import.meta.dirname, '..');
const INPUTS = [
  'src',
  'shaders',
  'kernels',
  'public',
  'index.html',
  'vite.config.ts',
  'scripts/kernels-plugin.ts',
  'scripts/policy.ts',
  'package-lock.json',
];

/** Latest change below a file or folder, in milliseconds since 1970; 0 when it does not exist. */
function newest(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(file).map((name) => newest(path.join(file, name))));
}

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4173' },
    host: { type: 'string' },
    hub: { type: 'string' },
    'strict-port': { type: 'boolean', default: false },
  },
});
const port = Number(values.port);
if (!Number.isInteger(port) || port < 1 || port > 65535) {
  console.error(`--port is ${values.port}; give a port number from 1 to 65535.`);
  process.exit(2);
}
let mirror: string | undefined;
try {
  mirror = values.hub === undefined ? undefined : mirrorOrigin(values.hub);
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}

const built = newest(path.join(root, 'dist', 'index.html'));
if (INPUTS.some((input) => newest(path.join(root, input)) > built)) {
  console.log('Building the studio (once, and again when its sources change) ...');
  await build({ root, logLevel: 'warn' });
}
const server = await preview({
  root,
  logLevel: 'warn',
  plugins: [servedPolicyPlugin(() => readFileSync(path.join(root, 'dist', 'index.html'), 'utf8'), mirror)],
  preview: {
    port,
    strictPort: values['strict-port'],
    ...(values.host === undefined ? {} : { host: values.host }),
  },
});
const address = server.resolvedUrls?.local[0] ?? server.resolvedUrls?.network[0] ?? '';
console.log(`Delta Studio: ${address}  (Ctrl+C ends it)`);
