#!/usr/bin/env node
// Runs the command line's TypeScript through tsx, found beside this file whatever the working directory.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./main.ts');
await main(process.argv.slice(2));
