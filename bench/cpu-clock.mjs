/**
 * `node --import ./bench/cpu-clock.mjs cli/bin.mjs compare ...`: times everything in seconds of this process's own
 * processor time, so that forecasts can be held against what runs take on a machine that does other work too.
 */
import { performance } from 'node:perf_hooks';

performance.now = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
