/** One delta on several tasks, through the command line: what is trained, scored, written, taken up again and refused. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../../src/onnx/safetensors.ts';
import { floatsOf } from '../../src/graph/tensor.ts';
import type { EvaluateEvent, RunEvent, StepEvent } from '../../src/train/events.ts';
import { delta, deltaProcess, makeProject, type SpecPatch } from '../support/cli.ts';

let root: string;
let base: SpecPatch & { data: Record<string, unknown>; training: Record<string, unknown> };

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'delta-tasks-'));
  base = JSON.parse(readFileSync(makeProject(root), 'utf8')) as typeof base;
  for (const file of ['train.tsv', 'dev.csv']) {
    const rows = readFileSync(path.join(root, file), 'utf8').split('\n');
    const two = rows.filter((row) => !/[\t,]2$/.test(row)).map((row) => row.replace(/[01]$/, 'kind $&'));
    writeFileSync(path.join(root, `two-${file}`), two.join('\n'));
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const tasks = () => {
  const { train, validation, ...shared } = base.data;
  return [
    { name: 'three', train, validation, ...shared },
    { name: 'two', train: `two-${String(train)}`, validation: `two-${String(validation)}`, ...shared },
  ];
};

const training = { steps: 7, batchSize: 4, evaluateEvery: 3, seed: 3, keepBest: false };

function spec(name: string, patch: SpecPatch = {}): string {
  const { data: _, ...rest } = base;
  writeFileSync(
    path.join(root, `${name}.json`),
    JSON.stringify({ ...rest, tasks: tasks(), training, ...patch }),
  );
  return `${name}.json`;
}

const run = (verb: string, ...args: string[]) => delta([verb, ...args, '--adapter', 'wasm'], root);

const train = (name: string, patch: SpecPatch = {}) =>
  run('train', '--spec', spec(name, patch), '--out', name);

const events = (name: string) =>
  readFileSync(path.join(root, name, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);

const evaluated = (name: string) =>
  events(name).filter((event): event is EvaluateEvent => event.type === 'evaluate');

const stepped = (name: string) => events(name).filter((event): event is StepEvent => event.type === 'step');

const saved = (...parts: string[]) =>
  new Map(
    [...readSafetensors(readFileSync(path.join(root, ...parts))).tensors].map(([key, tensor]) => [
      key,
      { dims: tensor.dims, values: [...floatsOf(tensor)] },
    ]),
  );

describe('several tasks', { timeout: 300_000 }, () => {
  it('train one delta with a head each, scored by task and by their mean', async () => {
    const { status, stderr, stdout } = await train('both');
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/accuracy by task +three +two\nlora +\d/);
    const found = evaluated('both').filter(({ split, step }) => split === 'validation' && step === 7);
    expect(found.map(({ task }) => task)).toEqual(['three', 'two', undefined]);
    const [three, two, mean] = found.map(({ metrics }) => metrics);
    expect(mean.accuracy).toBeCloseTo((three.accuracy + two.accuracy) / 2, 12);
    expect(mean.loss).toBeCloseTo((three.loss + two.loss) / 2, 12);
    // 18 and 12 rows in batches of 4: five batches of one to three of the other.
    const turns = stepped('both').map(({ task }) => task);
    expect(turns).toHaveLength(7);
    expect(new Set(turns)).toEqual(new Set(['three', 'two']));
    const heads = ['three', 'two'].map((task) => saved('both', 'adapter/heads', `${task}.safetensors`));
    expect(heads.map((head) => head.get('classifier.weight')!.dims)).toEqual([
      [3, 32],
      [2, 32],
    ]);
    const keys = [...saved('both', 'adapter/adapter_model.safetensors').keys()];
    expect(keys.every((key) => key.includes('lora_'))).toBe(true);
    const memory = events('both').find((event) => event.type === 'memory')!;
    expect(memory.allocated).toEqual(memory.predicted);
    const record = JSON.parse(readFileSync(path.join(root, 'both/run.json'), 'utf8')) as {
      spec: Record<string, unknown>;
      summary: { tasks: { name: string; scores: Record<string, Record<string, number>> }[] };
    };
    expect(record.spec).not.toHaveProperty('data');
    expect(record.summary.tasks.map(({ name }) => name)).toEqual(['three', 'two']);
    expect(record.summary.tasks[0].scores.train.loss).toBeGreaterThan(0);
  });

  it('are evaluated, predicted and exported one by one', async () => {
    const last = evaluated('both').findLast(({ task, split }) => task === 'two' && split === 'validation')!;
    const file = 'two-dev.csv';
    const found = await run('evaluate', '--run', 'both', '--data', file, '--task', 'two', '--json');
    expect(found.status, found.stderr).toBe(0);
    const { metrics } = JSON.parse(found.stdout) as { metrics: Record<string, number> };
    expect(metrics.loss).toBeCloseTo(last.metrics.loss, 5);
    const told = await run('predict', '--run', 'both', '--text', 'fine film', '--task', 'three', '--json');
    const { predictions } = JSON.parse(told.stdout) as { predictions: { probabilities: object }[] };
    expect(Object.keys(predictions[0].probabilities)).toHaveLength(3);
    for (const [task, message] of [
      [[], 'this run has several tasks; name one of three, two with --task'],
      [['--task', 'four'], 'this run has no task "four"; name one of three, two'],
    ] as const) {
      const refused = await run('predict', '--run', 'both', '--text', 'fine', ...task);
      expect(refused.status).toBe(1);
      expect(refused.stderr).toContain(message);
    }
    const peft = await run('export', '--run', 'both', '--format', 'peft', '--task', 'two', '--out', 'peft');
    expect(peft.status, peft.stderr).toBe(0);
    const alone = saved('peft', 'adapter_model.safetensors');
    expect(alone.get('base_model.model.classifier.weight')!.dims).toEqual([2, 32]);
    // As one task's own adapter it starts a run of that task where this one ended.
    const method = { type: 'lora', rank: 2, alpha: 4, init: 'peft' };
    const { name: _, ...data } = tasks()[1];
    writeFileSync(
      path.join(root, 'alone.json'),
      JSON.stringify({ ...base, data, method, training: { ...training, steps: 0 } }),
    );
    const scored = await run('train', '--spec', 'alone.json', '--out', 'alone');
    expect(scored.status, scored.stderr).toBe(0);
    expect(evaluated('alone')[0].metrics.loss).toBeCloseTo(last.metrics.loss, 5);
    const onnx = await run(
      'export',
      '--run',
      'both',
      '--format',
      'onnx',
      '--task',
      'two',
      '--out',
      'onnx',
      '--json',
    );
    expect(onnx.status, onnx.stderr).toBe(0);
    expect((JSON.parse(onnx.stdout) as { difference: number }).difference).toBeLessThan(1e-4);
  });

  it('are forecast to the byte, and refused where one head is all there may be', async () => {
    const plan = await run('plan', '--spec', 'both.json', '--batch', '4', '--methods', 'lora', '--json');
    expect(plan.status, plan.stderr).toBe(0);
    const [row] = (JSON.parse(plan.stdout) as { rows: { predicted: object; trainableParameters: number }[] })
      .rows;
    const events0 = events('both');
    const start = events0.find((event) => event.type === 'start')!;
    expect(row.trainableParameters).toBe(start.trainableParameters);
    const convert = ['convert', '--run', 'both', '--to', 'lora', '--rank', '2', '--out', 'as-lora'];
    const { status, stderr } = await run(convert[0], ...convert.slice(1));
    expect(status).toBe(1);
    expect(stderr).toContain('both is of several tasks, whose heads a LoRA of one cannot hold');
  });

  it('go on from a checkpoint bit for bit', async () => {
    const long = { ...training, steps: 40, evaluateEvery: 8 };
    const file = spec('long', { training: long });
    expect((await run('train', '--spec', file, '--out', 'whole')).status).toBe(0);
    const args = ['train', '--spec', file, '--out', 'parts', '--adapter', 'wasm'];
    const stopped = await deltaProcess(args, root, { interruptAfter: /validation at step 8/ });
    expect(stopped.stderr).toMatch(/--resume \S*parts/);
    const before = stepped('parts').length;
    expect(before).toBeLessThan(40);
    expect((await run('train', '--resume', 'parts')).status).toBe(0);
    const losses = (name: string) => stepped(name).map(({ step, task, loss }) => [step, task, loss]);
    expect(losses('parts')).toEqual(losses('whole'));
    for (const name of ['adapter_model.safetensors', 'heads/three.safetensors', 'heads/two.safetensors'])
      expect(readFileSync(path.join(root, 'parts/adapter', name))).toEqual(
        readFileSync(path.join(root, 'whole/adapter', name)),
      );
  });

  it('start from what several tasks left, heads included', async () => {
    const method = { type: 'lora', rank: 2, alpha: 4, init: 'both/adapter' };
    const { status, stderr } = await train('again', { method, training: { ...training, steps: 0 } });
    expect(status, stderr).toBe(0);
    expect(stderr).not.toContain('brings');
    const last = evaluated('both').findLast(
      ({ split, task }) => split === 'validation' && task === undefined,
    )!;
    expect(evaluated('again').find(({ task }) => task === undefined)!.metrics).toEqual(last.metrics);
  });

  it('are compared, in stages and combinations, alike often where that is asked for', async () => {
    const file = spec('cmp', {
      training: { ...training, steps: 4, taskSampling: 'equal', shuffle: false },
      compare: [
        { method: { type: 'full' } },
        { method: [{ type: 'adapter', bottleneck: 4 }, { type: 'bitfit' }] },
        {
          stages: [
            { type: 'prompt', virtualTokens: 2 },
            { type: 'lora', rank: 2 },
          ],
        },
      ],
    });
    const { status, stderr } = await run('compare', '--spec', file, '--out', 'cmp');
    expect(status, stderr).toBe(0);
    for (const key of ['full', 'adapter+bitfit', 'prompt-then-lora'])
      expect(
        stepped(`cmp/${key}`)
          .slice(0, 4)
          .map(({ task }) => task),
      ).toEqual(['three', 'two', 'three', 'two']);
    const heads = existsSync(path.join(root, 'cmp/prompt-then-lora/adapter/stage-2/heads/two.safetensors'));
    expect(heads).toBe(true);
    const summary = JSON.parse(readFileSync(path.join(root, 'cmp/summary.json'), 'utf8')) as {
      metric: string;
      runs: { reference: { validation: { untuned: number } }; tasks: unknown[] }[];
      methods: { name: string; mean: number }[];
      tasks: {
        name: string;
        judgedOn: string;
        reference: Record<string, number>;
        methods: { name: string; mean: number; interval: unknown }[];
        verdict: { code: string; sentences: string[] };
      }[];
    };
    // Each task is judged by itself: the mean's scores are the means of theirs, and rows tell what one seed can.
    expect(summary.tasks.map(({ name }) => name)).toEqual(['three', 'two']);
    for (const [i, { name, mean }] of summary.methods.entries()) {
      const own = summary.tasks.map(({ methods }) => methods[i]);
      expect(own.map((method) => method.name)).toEqual([name, name]);
      expect(mean).toBeCloseTo((own[0].mean + own[1].mean) / 2, 12);
      expect(own.every(({ interval }) => Array.isArray(interval))).toBe(true);
    }
    for (const task of summary.tasks) {
      expect(task.judgedOn).toBe('validation');
      // Rows of three classes in turn, and of two.
      expect(task.reference.largestClass).toBeCloseTo(task.name === 'three' ? 3 / 7 : 3 / 5, 12);
      expect(task.verdict.sentences.length).toBeGreaterThan(0);
    }
    const report = readFileSync(path.join(root, 'cmp/report.html'), 'utf8');
    expect(report.match(/<section class="task">/g)).toHaveLength(2);
    expect(report).toContain('Task three');
    expect(report).toContain('任务 two');
    expect(report.match(/<table>/g)).toHaveLength(3);
    expect(report).toContain('two-dev.csv');
    for (const { reference, tasks: each } of summary.runs) {
      expect(each).toHaveLength(2);
      expect(reference.validation.untuned).toBeGreaterThanOrEqual(0);
    }
    const told = await run(
      'evaluate',
      '--run',
      'cmp/prompt-then-lora',
      '--data',
      'dev.csv',
      '--task',
      'three',
      '--json',
    );
    expect(told.status, told.stderr).toBe(0);
    const { metrics } = JSON.parse(told.stdout) as { metrics: Record<string, number> };
    const kept = evaluated('cmp/prompt-then-lora').findLast(
      ({ task, split }) => task === 'three' && split === 'validation',
    )!;
    expect(metrics.loss).toBeCloseTo(kept.metrics.loss, 5);
  });

  it.each([
    ['data too', { data: {} }, /^delta: tasks: got .* expected it to be left out, since data is given/],
    [
      'a name twice',
      'name',
      /^delta: tasks\[1\]\.name: got "three" .*expected a name that no other task has/,
    ],
    [
      'no validation',
      'validation',
      /^delta: tasks\[1\]\.validation: missing; .*since training\.evaluateEvery is 3; set that to 0/,
    ],
    ['another kind', 'target', /^delta: tasks\[1\]\.columns\.target: .*belongs to "text2text"/],
  ])('are refused with %s', async (_what, patch, message) => {
    const [first, second] = tasks();
    const bad: SpecPatch =
      patch === 'name'
        ? { tasks: [first, { ...second, name: 'three' }] }
        : patch === 'validation'
          ? { tasks: [first, { ...second, validation: undefined }] }
          : patch === 'target'
            ? { tasks: [first, { ...second, columns: { text: ['sentence'], target: 'label' } }] }
            : { data: base.data };
    const { status, stderr } = await train('bad', bad);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });
});
