/** The study of the page: its form, what it comes to, how it goes; all of it across reloads. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ModelSource } from '../../../protocol/messages.ts';
import type { CellState, StudyAsked, StudyPlan, StudyProgress, StudyWish } from '../../../protocol/study.ts';
import type { Row } from '../../../study/study.ts';
import type { EngineClient } from '../engine-client.ts';
import { keepSource, readKeptStudyData } from '../kept-form.ts';
import { hubEndpoint } from '../hub-endpoint.ts';
import { problemOf, type Problem } from '../studio-state.ts';
import {
  DEFAULT_STUDY,
  ownKey,
  readStudyForm,
  studyFiles,
  studyJson,
  type OpenModel,
  type OwnData,
  type StudyForm,
} from './study-form.ts';

const KEY = 'delta-studio.study';

/** Wait after a change of the form before it is asked what it comes to, in milliseconds. */
const PLAN_DELAY = 700;

export type StudyPhase = 'idle' | 'planning' | 'starting' | 'running' | 'paused' | 'stopping';

/** The cell at work. */
export interface AtWork {
  cell: string;
  step: number;
  steps: number;
}

export interface StudyState {
  form: StudyForm;
  own: readonly OwnData[];
  /** The model of the comparison, where it is none that is built in. */
  open: OpenModel | null;
  phase: StudyPhase;
  plan: StudyPlan | null;
  /** What the plan is of: the form may have moved on. */
  planned: string;
  problem: Problem | null;
  atWork: AtWork | null;
  /** Seconds that what is left will take, at the pace so far; null where nothing is known. */
  left: number | null;
  /** Cells that other tabs are at, once there are no others. */
  waiting: number;
  /** Scores of cells that have ended in this visit, by cell. */
  scores: Readonly<Record<string, { metric: string; value: number }>>;
}

export interface StudyActions {
  store: StoreApi<StudyState>;
  change: (change: (form: StudyForm) => StudyForm) => void;
  /** Data of the person's own, ticked at once; the same name takes the place of what had it. */
  addOwn: (data: OwnData) => void;
  removeOwn: (name: string) => void;
  /** Works out what the form comes to. */
  plan: () => Promise<void>;
  start: () => Promise<void>;
  pause: () => void;
  resume: () => void;
  stop: () => void;
  /** Forgets the rows of the experiment. */
  forget: () => Promise<void>;
  /** Rows of the experiment's cells. @throws EngineError */
  rows: () => Promise<Row[]>;
  /** Takes in what the engine tells. */
  hear: (event: StudyProgress) => void;
  /** The engine is another one: nothing runs any more. */
  interrupted: () => void;
  /** Data of the person's own of the last visit. */
  readKept: () => Promise<void>;
  /** The description as JSON, as the command line takes it. */
  json: () => string;
}

export interface StudyActionsInput {
  client: Pick<EngineClient, 'ask' | 'tell'>;
  /** The model of the comparison as it was read last. */
  model: () => ModelSource;
  storage?: Pick<Storage, 'getItem' | 'setItem'>;
}

/**
 * The Study page's state and what changes it, over the page's engine. Its form is kept in `storage` from visit to visit;
 * what the engine refuses stands in the state as `problem`.
 */
export function studyActions({ client, model, storage = ownStorage() }: StudyActionsInput): StudyActions {
  const store = createStore<StudyState>()(() => ({
    form: keptForm(storage),
    own: [],
    open: null,
    phase: 'idle',
    plan: null,
    planned: '',
    problem: null,
    atWork: null,
    left: null,
    waiting: 0,
    scores: {},
  }));
  const { getState, setState } = store;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let newest = 0;
  /** Is a plan being asked for, and another to be after it? */
  let asking = false;
  let again = false;

  const json = (): string => {
    const { form, own, open } = getState();
    return studyJson(form, own, open);
  };

  /** What a plan is of. */
  const identity = (): string => `${getState().form.experiment}\n${json()}`;

  function change(changed: (form: StudyForm) => StudyForm): void {
    setState(({ form }) => ({ form: changed(form) }));
    keepForm(getState().form, storage);
    clearTimeout(timer);
    timer = setTimeout(() => void planned('plan'), PLAN_DELAY);
  }

  function asked(): StudyAsked {
    const { form, own, open } = getState();
    return {
      experiment: form.experiment,
      spec: json(),
      files: studyFiles(own),
      models: open === null ? {} : { [open.source]: model() },
      endpoint: hubEndpoint(),
    };
  }

  async function ask(what: StudyWish): Promise<StudyPlan> {
    const answer = await client.ask({ type: 'study', what, asked: asked() });
    if (!('plan' in answer)) throw new Error('internal: a plan was asked for');
    return answer.plan;
  }

  async function planned(what: 'plan' | 'forget'): Promise<void> {
    const { phase, form } = getState();
    if (phase !== 'idle' && phase !== 'planning') return;
    clearTimeout(timer);
    if (form.datasets.length === 0 && form.json === null)
      return setState({ plan: null, planned: '', problem: null });
    // The engine answers one after the other: what was typed meanwhile is asked once, in the end.
    if (asking) {
      again = true;
      return;
    }
    const mine = ++newest;
    const of = identity();
    asking = true;
    setState({ phase: 'planning', problem: null });
    try {
      const plan = await ask(what);
      if (mine === newest && !again) setState({ plan, planned: of, scores: {} });
    } catch (error) {
      if (mine === newest && !again) setState({ plan: null, planned: '', problem: problemOf(error) });
    }
    asking = false;
    if (mine === newest && !again) setState({ phase: 'idle' });
    if (!again) return;
    again = false;
    await planned('plan');
  }

  return {
    store,
    json,
    change,
    addOwn(data) {
      const others = getState().own.filter(({ name }) => name !== data.name);
      const own = [...others, data];
      setState({ own });
      void keepSource('study', own);
      const key = ownKey(data);
      change((form) => ({ ...form, datasets: [...new Set([...form.datasets, key])] }));
    },
    removeOwn(name) {
      const own = getState().own.filter((one) => one.name !== name);
      setState({ own });
      void keepSource('study', own);
      change((form) => ({
        ...form,
        datasets: form.datasets.filter((key) => key !== ownKey({ name })),
      }));
    },
    plan: () => planned('plan'),
    forget: () => planned('forget'),
    async start() {
      const { phase } = getState();
      if (phase !== 'idle') return;
      clearTimeout(timer);
      newest++;
      const of = identity();
      setState({ phase: 'starting', problem: null, atWork: null, left: null, waiting: 0, scores: {} });
      try {
        const before = getState();
        if (before.planned !== of) setState({ plan: await ask('plan'), planned: of });
        // Stopped before it began.
        if (getState().phase === 'starting') setState({ plan: await ask('start') });
      } catch (error) {
        setState({ problem: problemOf(error) });
      }
      setState({ phase: 'idle', atWork: null, left: null, waiting: 0 });
    },
    pause() {
      if (getState().phase !== 'running') return;
      client.tell({ type: 'controlStudy', act: 'pause' });
      setState({ phase: 'paused' });
    },
    resume() {
      if (getState().phase !== 'paused') return;
      client.tell({ type: 'controlStudy', act: 'resume' });
      setState({ phase: 'running' });
    },
    stop() {
      if (!['starting', 'running', 'paused'].includes(getState().phase)) return;
      client.tell({ type: 'controlStudy', act: 'stop' });
      setState({ phase: 'stopping' });
    },
    async rows() {
      const answer = await client.ask({ type: 'study', what: 'rows', asked: asked() });
      return 'rows' in answer ? answer.rows : [];
    },
    hear(event) {
      // The engine had not begun when it was told.
      if (event.type === 'begins' && getState().phase === 'stopping')
        client.tell({ type: 'controlStudy', act: 'stop' });
      setState((state) => heard(state, event));
    },
    async readKept() {
      const kept = await readKeptStudyData();
      if (Array.isArray(kept) && getState().own.length === 0) setState({ own: kept as OwnData[] });
    },
    interrupted() {
      newest++;
      asking = false;
      again = false;
      setState({ phase: 'idle', atWork: null, left: null, waiting: 0 });
    },
  };
}

/** The state after something was told. */
function heard(state: StudyState, event: StudyProgress): Partial<StudyState> {
  const { plan, phase } = state;
  const running = phase === 'starting' ? 'running' : phase;
  switch (event.type) {
    case 'begins':
      return { phase: running, waiting: 0, atWork: { cell: event.cell, step: 0, steps: 0 } };
    case 'step':
      return { atWork: { cell: event.cell, step: event.step, steps: event.steps } };
    case 'waits':
      return { phase: running, waiting: event.cells, atWork: null };
    case 'results':
      return { plan: plan && { ...plan, results: event.results } };
    case 'ended': {
      const { cell: id, state: how, why, score, left } = event;
      return {
        left,
        atWork: null,
        ...(score !== null && { scores: { ...state.scores, [id]: score } }),
        plan: plan && {
          ...plan,
          cells: plan.cells.map((cell) =>
            cell.id === id ? { ...cell, state: how, ...(why !== undefined && { why }) } : cell,
          ),
        },
      };
    }
  }
}

/** Cells that have come to an end, by how. */
export function ended(plan: StudyPlan): Record<CellState, number> {
  const counts: Record<CellState, number> = { toDo: 0, done: 0, diverged: 0, failed: 0, refused: 0 };
  for (const { state } of plan.cells) counts[state]++;
  return counts;
}

/** Undefined where storage is forbidden. */
function ownStorage(): StudyActionsInput['storage'] {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

function keptForm(storage: StudyActionsInput['storage']): StudyForm {
  try {
    return readStudyForm(JSON.parse(storage?.getItem(KEY) ?? 'null'));
  } catch {
    return DEFAULT_STUDY;
  }
}

function keepForm(form: StudyForm, storage: StudyActionsInput['storage']): void {
  try {
    storage?.setItem(KEY, JSON.stringify(form));
  } catch {
    // Without storage the form lasts as long as the page.
  }
}
