#!/usr/bin/env node
// Runs the command line's TypeScript through tsx, found beside this file whatever the working directory.
import { register } from 'tsx/esm/api';

// `npm run` moves to the package's folder; paths on the command line start where the person is.
if (process.env.npm_lifecycle_event === 'delta' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);

register();
const { main } = await import('./main.ts');
await main(process.argv.slice(2));
