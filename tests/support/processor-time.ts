/**
 * Seconds of processor time that this process spends on some work. Bounds on what hostile input may cost are of this
 * and not of the clock: beside other work a test has a tenth of a core at times.
 */
export function processorSeconds(work: () => unknown): number {
  const since = started();
  work();
  return since();
}

/** The same of work that is waited for: what is called afterwards gives the seconds since. */
export function started(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
}
