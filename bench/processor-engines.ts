/** The engines that the processor's bench has take turns. */
import { fileURLToPath } from 'node:url';
import { benchBatch } from '../src/measure/batch.ts';
import type { ProcessorMethod } from '../src/measure/methods.ts';
import { bertConfig } from '../src/measure/random-bert.ts';
import type { MethodCase, Spent, StepTimes } from './peers/cases.ts';
import type { OrtCalls } from './peers/ort.ts';
import { Peer, type Calls } from './peers/protocol.ts';
import { PythonPeer } from './peers/python.ts';
import type { StepCalls, StepFacts } from './peers/steps.ts';
import type { TfjsCalls } from './peers/tfjs.ts';
import type { EngineName } from './processor-results.ts';

export interface Engine<Opened = unknown> {
  /** What it can do: training by these methods, or the forward pass. */
  does(what: ProcessorMethod | 'forward', hidden: number): boolean;
  open(stack: MethodCase): Promise<Opened>;
  train(steps: number): Promise<StepTimes>;
  forward(steps: number): Promise<Spent[]>;
  close(): Promise<unknown>;
  end(): void;
}

export function peer<C extends Calls>(name: string, adapter: string): Peer<C> {
  return new Peer<C>(new URL(`./peers/${name}.ts`, import.meta.url), adapter);
}

/** Delta Studio on an adapter. */
export function ourEngine(adapter: string, does: Engine['does'] = () => true): Engine<StepFacts> {
  const process = peer<StepCalls>('steps', adapter);
  return {
    does,
    open: (stack) => process.call('open', stack),
    train: (steps) => process.call('train', steps),
    forward: (steps) => process.call('forward', steps),
    close: () => process.call('close', undefined),
    end: () => process.close(),
  };
}

/** TensorFlow.js trains everything, and gives logits. */
function tfjsEngine(adapter: string, does: Engine['does']): Engine {
  const process = peer<TfjsCalls>('tfjs', adapter);
  return {
    does,
    open: (stack) => process.call('open', stack),
    train: (steps) => process.call('train', steps),
    forward: (steps) => process.call('forward', steps),
    close: () => process.call('close', undefined),
    end: () => process.close(),
  };
}

function ortEngine(): Engine {
  const process = peer<OrtCalls>('ort', '');
  return {
    does: (what) => what === 'forward',
    open: (stack) => process.call('open', stack),
    train: () => Promise.reject(new Error('internal: onnxruntime-web does not train')),
    forward: (steps) => process.call('forward', steps),
    close: () => process.call('close', undefined),
    end: () => process.close(),
  };
}

export function torchPeer(python: string, threads: number): PythonPeer {
  return new PythonPeer(python, fileURLToPath(new URL('../tools/torch-peer.py', import.meta.url)), threads);
}

function torchEngine(python: string, threads: number): Engine {
  const process = torchPeer(python, threads);
  return {
    does: () => true,
    open: ({ hidden, layers, method, batchSize, length }) => {
      const { heads, vocabulary } = bertConfig(hidden, layers);
      const { inputs, labels } = benchBatch({ batchSize, length }, vocabulary);
      return process.call('open', {
        ...{ hidden, layers, heads, vocabulary, method, batchSize, length },
        ids: [...inputs.input_ids],
        mask: [...inputs.attention_mask],
        labels: [...labels],
      });
    },
    train: (steps) => process.call('train', steps) as Promise<StepTimes>,
    forward: (steps) => process.call('forward', steps) as Promise<Spent[]>,
    close: () => process.call('close'),
    end: () => process.close(),
  };
}

/**
 * The slow engines do not do everything: a software GPU compiles pipelines for minutes at every width and method, and a
 * step of BERT-base's width takes minutes. What they do is the narrowest width, and of the widest LoRA alone.
 */
const NARROW = 128;
const WIDE = 768;

const basic = (what: ProcessorMethod | 'forward'): boolean => what === 'full' || what === 'forward';

/**
 * @param wanted names of engines
 * @param python a Python with PyTorch, without which there is no PyTorch
 */
export function openEngines(
  wanted: readonly EngineName[],
  python: string | undefined,
  threads: number,
): Map<EngineName, Engine> {
  const engines = new Map<EngineName, Engine>();
  for (const name of wanted) {
    if (name === 'PyTorch') {
      if (python !== undefined) engines.set(name, torchEngine(python, threads));
    } else if (name === 'lavapipe')
      engines.set(
        name,
        ourEngine('lavapipe', (what, hidden) =>
          hidden === NARROW ? basic(what) || what === 'lora' : hidden === WIDE && what === 'lora',
        ),
      );
    else if (name === 'SwiftShader')
      engines.set(
        name,
        ourEngine('swiftshader', (what, hidden) => hidden === NARROW && (basic(what) || what === 'lora')),
      );
    else if (name === 'TF.js wasm')
      engines.set(
        name,
        tfjsEngine('wasm', (what, hidden) => what === 'forward' || (what === 'full' && hidden < WIDE)),
      );
    else if (name === 'TF.js WebGPU')
      engines.set(
        name,
        tfjsEngine('lavapipe', (what, hidden) => hidden === NARROW && basic(what)),
      );
    else engines.set(name, ortEngine());
  }
  return engines;
}
