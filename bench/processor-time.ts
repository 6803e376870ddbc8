/** Milliseconds of processor time of this process: what work takes on a software GPU, however busy the machine is. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
