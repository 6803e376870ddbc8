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
  measure: {
    title: 'Measure this device',
    what: 'About a minute: what it computes and moves at most, and what products, attention and training steps of random models reach of that. Nothing is sent anywhere.',
    begin: 'Measure',
    again: 'Measure again',
    begins: 'Beginning …',
    progress: (part: string, at: number, of: number) =>
      of === 1 ? `Measuring ${part} …` : `Measuring ${part}, ${inEnglish(at)} of ${inEnglish(of)} …`,
    parts: {
      peak: 'the most it can do',
      matmul: 'matrix products',
      attention: 'attention',
      steps: 'training steps',
      forward: 'forward passes',
    },
    stop: 'Stop',
    stopping: 'Stopping …',
    peak: (gflops: string, gigabytes: string) =>
      `${gflops} GFLOP/s of multiply-adds, ${gigabytes} GB/s of memory`,
    leftOut: (kernels: string) =>
      `Kernels that were faster here but computed something else than the usual ones, so that no run takes them (an updated graphics driver may mend it): ${kernels}.`,
    products: 'Matrix products',
    attention: 'Attention',
    steps: 'Training steps',
    kernel: 'What',
    rate: 'Rate',
    ofPeak: 'Of the most',
    step: 'Method, width × layers',
    anew: (method: string) => `${method}, layers made anew`,
    milliseconds: 'ms',
    tokens: 'Tokens a second',
    forward: 'Forward pass, beside onnxruntime-web on WebGPU',
    theirs: 'onnxruntime-web, ms',
    timesAsFast: 'Times as fast',
    difference: 'Differ by',
    memory: 'Memory',
    saveJson: 'Save as JSON',
    savePicture: 'Save a picture',
  },
};
