/** What the page says of what it runs on. */
import { inEnglish } from '../count.ts';

export const device = {
  title: 'What it runs on',
  opening: 'Opening the device …',
  runsOn: (name: string) => `Runs on ${name}`,
  trainsOn: (name: string) => `Training runs on ${name}.`,
  processor: (threads: number) =>
    threads === 1
      ? 'this computer’s processor, 1 thread'
      : `this computer’s processor, ${inEnglish(threads)} threads`,
  software: (name: string) => `${name}, a software GPU`,
  set: 'What it runs on, and what to choose about it',
  understood: 'Understood',
  choose: 'Compute on',
  choices: { auto: 'The best there is', gpu: 'Graphics card', wasm: 'Processor' },
  threads: 'Threads of the processor',
  threadsHint: (cores: number) => `Empty: ${inEnglish(cores)}, as many as there are cores.`,
  threadsWrong: 'A number from 1 to 64, or nothing.',
  running: 'A comparison is running; this can be changed when it has ended.',
  use: 'Use these',
  none: 'This browser cannot train',
  lost: 'The device is gone',
  again: 'Open it again',
};
