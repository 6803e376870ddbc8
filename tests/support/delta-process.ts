/**
 * The command line as `cli/bin.mjs` runs it, to be bundled. Sends itself the signal that a test asks for the moment a
 * line stands on standard error: from another process, busy with tests, it would come some steps later or after the end.
 */
import { main } from '../../cli/main.ts';

const { DELTA_TEST_SIGNAL: signal, DELTA_TEST_AT: at, DELTA_TEST_AGAIN: again } = process.env;

if (at !== undefined) {
  const awaited = new RegExp(at);
  const write = process.stderr.write.bind(process.stderr) as (...args: unknown[]) => boolean;
  const send = () => process.kill(process.pid, signal);
  let seen = '';
  let sent = false;
  process.stderr.write = (...args: unknown[]): boolean => {
    const written = write(...args);
    seen += String(args[0]);
    if (!sent && awaited.test(seen)) {
      sent = true;
      send();
      // From when the first was heard, which a busy machine puts off.
      if (again !== undefined) process.once(signal!, () => setTimeout(send, Number(again)));
    }
    return written;
  };
}

await main(process.argv.slice(2));
