/**
 * Runs on halves from the command line: cut short and taken up again, evaluated, predicted with, exported. On the
 * processor a base of halves; all in halves where `DELTA_ADAPTER` names a device that computes with them (lavapipe).
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/train/events.ts';
import { delta, deltaProcess, makeProject } from '../support/cli.ts';
import { folderText } from '../support/folder-text.ts';

const adapter = process.env.DELTA_ADAPTER ?? 'wasm';
const TIMEOUT = 1_200_000;
const STEPS = 24;
let folder: string;
const at = (...parts: string[]) => path.join(folder, ...parts);

beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'delta-halves-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function ok(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await delta([...args, '--adapter', adapter], folder);
  expect(status, stderr).toBe(0);
  return stdout;
}

function eventsOf(...parts: string[]): RunEvent[] {
  const lines = readFileSync(at(...parts, 'metrics.jsonl'), 'utf8').trimEnd();
  return lines.split('\n').map((line) => JSON.parse(line) as RunEvent);
}

/** What two runs must agree in. */
const leftIn = (...parts: string[]) => ({
  events: eventsOf(...parts).map((event) => ({ ...event, time: '', milliseconds: 0, seconds: 0 })),
  adapter: folderText(at(...parts, 'adapter')),
  files: readdirSync(at(...parts)).sort(),
});

describe.each(['f16-base', 'f16'] as const)('training.precision %s', (precision) => {
  const missing = precision === 'f16' && !['gpu', 'lavapipe'].includes(adapter);
  it.skipIf(missing)(
    `goes on after its end as if it had not ended, and answers alike wherever it is read (${missing ? 'not run: DELTA_ADAPTER=lavapipe or gpu' : adapter})`,
    async () => {
      const training = { steps: STEPS, batchSize: 4, evaluateEvery: 4, seed: 3, dropout: 0.1, precision };
      makeProject(at(precision), { training });
      const train = ['train', '--spec', `${precision}/spec.json`, '--out'];
      await ok(...train, `${precision}/whole`);
      const whole = leftIn(precision, 'whole');
      expect(whole.events.at(-1)).toMatchObject({ type: 'end', reason: 'completed', step: STEPS });
      const memory = whole.events.find((event) => event.type === 'memory');
      expect(memory).toMatchObject({ allocated: memory!.predicted });

      await deltaProcess([...train, `${precision}/cut`, '--adapter', adapter], folder, {
        interruptAfter: /validation at step 12/,
        signal: 'SIGKILL',
      });
      expect(readdirSync(at(precision, 'cut'))).toContain('checkpoint.safetensors');
      await ok('train', '--resume', `${precision}/cut`);
      expect(leftIn(precision, 'cut')).toEqual(whole);

      // The kept weights answer as they did while they trained, on the same halves.
      const kept = whole.events.findLast((event) => event.type === 'end')!.best!;
      const then = whole.events
        .filter((event) => event.type === 'evaluate')
        .find(({ step }) => step === kept.step);
      const run = ['--run', `${precision}/whole`];
      const evaluated = await ok('evaluate', ...run, '--data', `${precision}/dev.csv`, '--json');
      expect(JSON.parse(evaluated)).toMatchObject({ rows: 7, metrics: then!.metrics });

      // The exported file holds the base as it came, so that it differs by the rounding of the base.
      const files = ['--format', 'onnx', '--out', `${precision}/onnx`, '--json'];
      const { difference } = JSON.parse(await ok('export', ...run, ...files)) as { difference: number };
      expect(difference).toBeLessThan(1e-4);
      await ok('export', ...run, '--format', 'peft', '--out', `${precision}/peft`);
      expect(folderText(at(precision, 'peft'))['adapter_model.safetensors']).toBe(
        whole.adapter['adapter_model.safetensors'],
      );
      const words = ['--text', 'great film', '--text', 'awful day'];
      const predicted = JSON.parse(await ok('predict', ...run, ...words, '--json')) as {
        predictions: { label: string; probabilities: Record<string, number> }[];
      };
      for (const { probabilities } of predicted.predictions)
        expect(Object.values(probabilities).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    },
    TIMEOUT,
  );
});
