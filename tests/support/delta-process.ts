/** The command line as `cli/bin.mjs` runs it, to be bundled. */
import { main } from '../../cli/main.ts';

await main(process.argv.slice(2));
