import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AdapterProfile } from '../../plan/kernel-call.ts';
import type { DataSummary, Forecast, ModelSummary, Reply, Request } from '../../protocol/messages.ts';
import type { EnginePort } from './engine-life.ts';
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import { ReadingRoom } from '../../worker/reading/room.ts';
import { createHistory } from './history.ts';
import { createStudio } from './studio.ts';
import type { Studio } from './studio-actions.ts';

/** A history without a store behind it. */
const nowhere = {
  openStore: () => Promise.reject(new StudioError('storage', say`nothing is kept here`)),
  locks: undefined,
  storage: undefined,
  room: new ReadingRoom({ start: undefined, locks: undefined }),
};

const model: ModelSummary = {
  source: 'builtin:bert-l4-h128',
  name: 'bert-l4-h128',
  architecture: 'bert',
  layers: 4,
  hiddenSize: 128,
  vocabularySize: 8192,
  parameters: 1000,
  opset: 18,
  maxPositions: 128,
  tasks: ['classification', 'regression', 'maskedLm'],
  hasClassifier: false,
  notes: [],
  bytes: 4000,
};
const data: DataSummary = {
  name: 'demo',
  files: { train: 'demo/train.tsv', validation: 'demo/dev.tsv' },
  columnNames: ['text', 'label'],
  columns: { text: ['text'], label: 'label' },
  task: 'classification',
  rows: { train: 4, validation: 2 },
  validationCut: false,
  fileRows: { train: 4, validation: 2 },
  classes: [],
  labelSource: 'sorted',
  notes: [],
};

/** A port whose other end is the test. */
class HandPort implements EnginePort {
  declare protected readonly nominal: true;
  readonly sent: Request[] = [];
  onmessage: EnginePort['onmessage'] = null;
  onerror: EnginePort['onerror'] = null;
  postMessage(message: Request): void {
    if (message.type === 'ping') this.reply({ type: 'alive', holds: false });
    else if (message.type !== 'hello') this.sent.push(message);
  }
  terminate(): void {
    this.onmessage = null;
  }
  reply(reply: Reply): void {
    this.onmessage?.({ data: reply });
  }
  /** The newest request of a type. */
  last<Type extends Request['type']>(type: Type): Extract<Request, { type: Type }> {
    const found = this.sent.findLast((request) => request.type === type);
    if (found === undefined) throw new Error(`no ${type} was sent`);
    return found as Extract<Request, { type: Type }>;
  }
}

describe('the studio', () => {
  let port: HandPort;
  let studio: Studio;
  const state = () => studio.store.getState();

  beforeEach(() => {
    vi.useFakeTimers();
    port = new HandPort();
    studio = createStudio(
      { connect: () => port, locks: undefined },
      'http://localhost/',
      createHistory(nowhere),
    );
  });
  afterEach(() => void vi.useRealTimers());

  async function loaded(): Promise<void> {
    port.reply({
      type: 'device',
      adapter: { description: 'test' } as AdapterProfile,
      threads: null,
      notes: [],
    });
    port.reply({ type: 'model', id: port.last('loadModel').id, model });
    port.reply({ type: 'data', id: port.last('loadData').id, data });
    await vi.advanceTimersByTimeAsync(0);
  }

  it('opens the device and loads what is built in', async () => {
    expect(port.sent.map((request) => request.type)).toEqual(['open', 'loadModel', 'loadData']);
    expect(state().model.loading).toBe(true);
    await loaded();
    expect(state().model).toEqual({ loading: false, value: model, problem: null });
    expect(state().data.value).toEqual(data);
  });

  it('asks for one forecast after a burst of changes, and shows it', async () => {
    await loaded();
    for (const text of ['1', '16', '12']) {
      studio.setTrainingField('batchSize', text);
      await vi.advanceTimersByTimeAsync(100);
    }
    await vi.advanceTimersByTimeAsync(500);
    const asked = port.sent.filter((request) => request.type === 'forecast');
    expect(asked).toHaveLength(1);
    expect(asked[0].spec.training?.batchSize).toBe(12);
    const forecasts: Forecast[] = [];
    port.reply({ type: 'forecast', id: asked[0].id, forecasts, refusals: [] });
    await vi.advanceTimersByTimeAsync(0);
    expect(state().forecast.value).toBe(forecasts);
  });

  it('reads the data anew as what another model can be asked for', async () => {
    await loaded();
    const reads = () => port.sent.filter((request) => request.type === 'loadData');
    const choose = async (tasks: ModelSummary['tasks'], keepData?: boolean) => {
      const done = studio.loadModel({ kind: 'files', name: 'other', files: [] }, keepData);
      port.reply({ type: 'model', id: port.last('loadModel').id, model: { ...model, tasks } });
      await vi.advanceTimersByTimeAsync(0);
      return done;
    };
    await choose(['classification', 'regression']);
    await choose(['text2text'], true);
    expect(reads()).toHaveLength(1);
    void choose(['text2text']);
    await vi.advanceTimersByTimeAsync(0);
    const asked = reads()[1];
    expect(asked).toMatchObject({
      source: { kind: 'builtin', name: 'demo-text2text' },
      task: null,
      columns: null,
    });
    const columns = { text: ['source'], target: 'target' };
    port.reply({ type: 'data', id: asked.id, data: { ...data, task: 'text2text', columns } });
    await vi.advanceTimersByTimeAsync(0);
    expect(state().data.value?.columns).toEqual(columns);
  });

  it('drops an answer that a newer question overtook', async () => {
    await loaded();
    const files = (name: string) => ({ kind: 'files' as const, name, files: [] });
    void studio.loadModel(files('first'));
    const first = port.last('loadModel').id;
    void studio.loadModel(files('second'));
    const second = port.last('loadModel').id;
    port.reply({ type: 'model', id: second, model: { ...model, name: 'second' } });
    port.reply({ type: 'model', id: first, model: { ...model, name: 'first' } });
    await vi.advanceTimersByTimeAsync(0);
    expect(state().model.value?.name).toBe('second');
  });

  it('asks anew for what the engine gave up for a file that could then not be read', async () => {
    await loaded();
    const sent = (type: Request['type']) => port.sent.filter((request) => request.type === type);
    await vi.advanceTimersByTimeAsync(1000);
    const asked = ['analyseData', 'modelTree', 'forecast'] as const;
    for (const type of asked) expect(sent(type)).toHaveLength(1);
    // Other columns of the same file: what is shown stays, should they not be had.
    const read = studio.chooseColumns({ text: ['label'], label: 'text' }, 'classification');
    const refuse = (id: number, message: string) =>
      port.reply({ type: 'error', id, message, code: 'data', where: null });
    for (const type of asked) refuse(port.last(type).id, 'This was given up.');
    await vi.advanceTimersByTimeAsync(1000);
    for (const type of asked) expect(sent(type)).toHaveLength(1);
    refuse(port.last('loadData').id, 'No such column.');
    await read;
    await vi.advanceTimersByTimeAsync(1000);
    for (const type of asked) expect(sent(type)).toHaveLength(2);
    expect(state().forecast).toEqual({ loading: true, value: null, problem: null });
    expect(state().looks).toEqual([{ loading: true, value: null, problem: null }]);
  });

  it('shows a refusal and nothing of what was there before, and goes back to that when told', async () => {
    await loaded();
    void studio.loadModel({ kind: 'files', name: 'bad', files: [] });
    port.reply({
      type: 'error',
      id: port.last('loadModel').id,
      message: 'model.onnx: the file ends early; download it again',
      code: 'model',
      where: null,
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(state().model.problem).toEqual({
      message: 'model.onnx: the file ends early; download it again',
      internal: false,
    });
    expect(state().model.value).toBeNull();
    void studio.goBackToModel();
    expect(port.last('loadModel').source).toEqual({ kind: 'builtin', name: 'bert-l4-h128' });
  });

  it('drops figures and notes the moment another file is chosen, and not when other columns are', async () => {
    await loaded();
    await vi.advanceTimersByTimeAsync(500);
    const forecasts: Forecast[] = [];
    port.reply({ type: 'forecast', id: port.last('forecast').id, forecasts, refusals: [] });
    await vi.advanceTimersByTimeAsync(0);
    studio.store.setState({ runNotes: ['of the run before'] });
    void studio.chooseColumns({ text: ['label'], label: 'text' }, 'classification');
    expect(state().data.value).toEqual(data);
    expect(state().forecast.value).toEqual([]);
    const train = new File(['text,label'], 'other.csv');
    void studio.loadData({ kind: 'files', train, validation: null });
    expect(state().data).toEqual({ loading: true, value: null, problem: null });
    expect(state().forecast.value).toBeNull();
    expect(state().runNotes).toEqual([]);
  });

  it('runs a comparison from start to end', async () => {
    await loaded();
    void studio.start();
    expect(state().session).toBe('preparing');
    port.reply({
      type: 'started',
      comparison: null,
      id: port.last('start').id,
      runs: [{ run: 'head', method: 'head', steps: 1 }],
      metric: 'accuracy',
      notes: [say`2 rows were cut`],
    });
    await vi.advanceTimersByTimeAsync(0);
    port.reply({ type: 'state', state: 'running' });
    port.reply({
      type: 'events',
      run: 'head',
      events: [
        { type: 'step', step: 1, loss: 0.7, learningRate: 1, gradNorm: 1, milliseconds: 5, tokens: 8 },
        { type: 'end', reason: 'completed', best: null, seconds: 1 },
      ],
    });
    port.reply({ type: 'state', state: 'idle' });
    expect(state().session).toBe('idle');
    expect(state().runs).toMatchObject([{ run: 'head', phase: 'completed', loss: 0.7 }]);
    expect(state().runNotes).toEqual([say`2 rows were cut`]);
    expect(state().startedSpec?.compare).toHaveLength(4);
  });

  it('returns to idle with the sentence when a start is refused', async () => {
    await loaded();
    void studio.start();
    port.reply({
      type: 'error',
      id: port.last('start').id,
      message: 'no',
      code: 'data',
      where: null,
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(state()).toMatchObject({ session: 'idle', runProblem: { message: 'no', internal: false } });
  });

  it('tells a lost device from a defect', () => {
    port.reply({ type: 'error', id: null, message: 'lost', code: 'device', where: null });
    expect(state().device.problem).toEqual({ message: 'lost', internal: false });
    port.onerror?.({ message: 'worker script failed' });
    expect(state().runProblem).toEqual({ message: 'worker script failed', internal: true });
  });

  it('does not start while a field does not read', async () => {
    await loaded();
    studio.setTrainingField('steps', '');
    await studio.start();
    expect(port.sent.some((request) => request.type === 'start')).toBe(false);
    expect(state().session).toBe('idle');
  });
});
