/** Studies in the page: planned, worked on, paused, stopped; their rows are kept in the browser's storage. */
import { errorReply } from '../../protocol/error-reply.ts';
import type { Reply } from '../../protocol/messages.ts';
import type { CellState, PlannedCell, StudyAsked, StudyPlan, StudyRequest } from '../../protocol/study.ts';
import { totalSteps } from '../../runs/spec.ts';
import { inputKey } from '../../runs/storage/inputs.ts';
import { takeCell, type Locks } from '../../runs/storage/locks.ts';
import type { RunEvent } from '../../train/events.ts';
import type { CellGrid } from '../../study/cell-grid.ts';
import { builtinNames, readStudy } from '../../study/read-study.ts';
import { nothingKept, type CellStore } from '../../study/storage/cell-store.ts';
import { isFinal } from '../../study/row.ts';
import { cellTold, storedExperiment } from '../../study/stored.ts';
import type { Cell, Row, Study } from '../../study/study.ts';
import { scoreOn } from '../../study/scores.ts';
import { StudyControl } from '../../study/work/control.ts';
import { estimateCells, type Estimates } from '../../study/work/estimate.ts';
import { StudyMaterials } from '../../study/work/materials.ts';
import { beforehand } from '../../study/beforehand.ts';
import { cellsOf, refuseUnfit, totalsOf } from '../../study/work/plan.ts';
import { finalRows, runCells, type StudyEvent, type StudyPlace } from '../../study/work/run-cells.ts';
import type { HeldDevice } from '../held-device.ts';
import type { HubDownloads } from '../hub.ts';
import type { BusyTeller } from '../life.ts';
import { refuseSecond } from '../refusals.ts';
import type { SavedStarts } from '../starts.ts';
import { builtinCard, pageSources } from './sources.ts';
import { trainPageCell } from './train-cell.ts';

/** Milliseconds between what is told of steps, and of what the rows say. */
const STEP_INTERVAL = 250;
const RESULTS_INTERVAL = 3000;

export interface StudyDeskOptions {
  device: HeldDevice;
  hub: HubDownloads;
  busy: BusyTeller;
  starts: SavedStarts;
  locks?: Locks;
  /** The browser, for the report. */
  runtime: string;
  post: (reply: Reply) => void;
  /** Without it no study is kept, and none begins. */
  openCells?: () => Promise<CellStore>;
}

/** What was worked out for a study that was asked for. */
interface Ready {
  key: string;
  study: Study;
  grid: CellGrid;
  materials: StudyMaterials;
  estimates: Estimates;
}

/** Answers what the Study page asks: plans a study, trains its cells one after the other, tells of each, and keeps them. */
export class StudyDesk {
  readonly #options: StudyDeskOptions;
  #store: Promise<CellStore> | null = null;
  #ready: Ready | null = null;
  #control: StudyControl | null = null;

  /** @param options of the engine; what follows is what it shares with the desk */
  constructor(
    options: Pick<StudyDeskOptions, 'locks' | 'runtime' | 'post' | 'openCells'>,
    device: HeldDevice,
    hub: HubDownloads,
    busy: BusyTeller,
    starts: SavedStarts,
  ) {
    this.#options = { ...options, device, hub, busy, starts };
  }

  /** Does it work on cells? */
  get running(): boolean {
    return this.#control !== null;
  }

  act(act: Extract<StudyRequest, { type: 'controlStudy' }>['act']): void {
    this.#control?.[act]();
  }

  /**
   * Answers what is asked of a study.
   * @param base the page's address
   * @param comparison does a comparison train?
   * @throws StudioError
   */
  async answer(
    request: Extract<StudyRequest, { type: 'study' }>,
    base: string,
    comparison: boolean,
  ): Promise<void> {
    const { id, asked, what } = request;
    const { post } = this.#options;
    if (what === 'start') return this.#start(request, base, comparison);
    if (what !== 'rows') refuseSecond(comparison, this.running);
    const store = await this.#cells();
    const ready = await this.#readyFor(asked, base);
    const { cells } = ready.grid;
    if (what === 'rows') {
      const rows = await store.rows();
      return post({ type: 'studyRows', id, rows: cells.flatMap((cell) => rows.get(cell.id) ?? []) });
    }
    if (what === 'forget') {
      await store.forget(cells.map((cell) => cell.id));
      // What had ended was not estimated.
      this.#ready = null;
      post({ type: 'studyPlan', id, plan: await this.#plan(await this.#readyFor(asked, base)) });
    } else post({ type: 'studyPlan', id, plan: await this.#plan(ready) });
  }

  /**
   * Begins to work on all cells that are left, and returns; the end is told.
   * @throws StudioError
   */
  async #start(
    { id, asked }: Extract<StudyRequest, { type: 'study' }>,
    base: string,
    comparison: boolean,
  ): Promise<void> {
    refuseSecond(comparison, this.running);
    const { post } = this.#options;
    const control = new StudyControl();
    this.#control = control;
    try {
      const store = await this.#cells();
      const ready = await this.#readyFor(asked, base);
      const rows = await finalRows(store);
      refuseUnfit(
        ready.grid.cells.filter((cell) => !rows.has(cell.id)),
        ready.estimates,
      );
      void this.#work(ready, store, control)
        .then(async (stopped) => {
          const plan = await this.#plan(ready);
          this.#control = null;
          post({ type: 'studyEnded', id, stopped, plan });
        })
        .catch((error: unknown) => {
          this.#control = null;
          post(errorReply(error, id));
        });
    } catch (error) {
      this.#control = null;
      throw error;
    }
  }

  /** @returns was it stopped before its end? */
  async #work(ready: Ready, store: CellStore, control: StudyControl): Promise<boolean> {
    const { post } = this.#options;
    const { materials, estimates, grid } = ready;
    const place = this.#place(store);
    let toldAt = performance.now();
    const append = async (row: Row): Promise<void> => {
      await place.append(row);
      if (performance.now() - toldAt < RESULTS_INTERVAL) return;
      const { results } = await this.#plan(ready);
      post({ type: 'studyEvent', event: { type: 'results', results } });
      toldAt = performance.now();
    };
    return runCells(grid.cells, {
      studio: this.#options.device.opened(),
      place: { ...place, append },
      materials,
      estimates,
      control,
      tell: (event) => this.#tell(event),
    });
  }

  #cells(): Promise<CellStore> {
    this.#store ??= this.#options.openCells?.() ?? Promise.reject(nothingKept());
    this.#store.catch(() => (this.#store = null));
    return this.#store;
  }

  /** Reads what is asked for, and works out what it comes to; the same is not worked out twice. */
  async #readyFor(asked: StudyAsked, base: string): Promise<Ready> {
    const { device, hub, busy, starts } = this.#options;
    const studio = device.opened();
    const key = inputKey('data', { ...asked, profile: studio.profile });
    if (this.#ready?.key === key) return this.#ready;
    const cards = new Map<string, unknown>();
    for (const name of builtinNames(asked.spec)) cards.set(name, await builtinCard(name, base));
    const study = readStudy(asked.spec, asked.experiment, { builtinTask: (name) => cards.get(name) });
    const sources = {
      ...pageSources(asked, { base, hub, goesOn: () => busy.goesOn() }),
      folder: (name: string) => starts.folder(name),
    };
    const materials = new StudyMaterials(sources);
    const grid = await cellsOf(study, materials);
    const rows = await finalRows(await this.#cells());
    const left = grid.cells.filter((cell) => !rows.has(cell.id));
    const estimates = await estimateCells(studio, materials, left);
    this.#ready = { key, study, grid, materials, estimates };
    return this.#ready;
  }

  async #plan({ study, grid, estimates }: Ready): Promise<StudyPlan> {
    const { device, runtime } = this.#options;
    const { cells } = grid;
    const rows = await (await this.#cells()).rows();
    const final = new Map([...rows].filter(([, row]) => isFinal(row)));
    return {
      cells: cells.map((cell) => plannedCell(cell, rows.get(cell.id), estimates)),
      beforehand: beforehand(study),
      totals: totalsOf(cells, final, estimates),
      results: storedExperiment(study.experiment, grid, rows, study),
      environment: device.environment(runtime),
    };
  }

  #place(store: CellStore): StudyPlace {
    const { device, busy, starts, locks } = this.#options;
    return {
      rows: () => store.rows(),
      append: (row) => store.append(row),
      claim: (id) => takeCell(locks, id),
      hasAdapter: (id) => store.hasAdapter(id),
      adapter: (id) => ({ read: (file) => store.adapterFile(id, file) }),
      train: (cell, prepared, how) =>
        trainPageCell(device.opened(), prepared, cell, {
          ...how,
          store,
          during: (what, work) => busy.during(what, work),
          openFolder: (name) => starts.folder(name),
          heard: this.#stepTeller(cell),
        }),
    };
  }

  /** Tells of the steps of a cell, now and then. */
  #stepTeller({ id, spec }: Cell): (event: RunEvent) => void {
    const { post } = this.#options;
    const steps = totalSteps(spec);
    let toldAt = -Infinity;
    return (event) => {
      if (event.type !== 'step' || performance.now() - toldAt < STEP_INTERVAL) return;
      toldAt = performance.now();
      post({ type: 'studyEvent', event: { type: 'step', cell: id, step: event.step, steps } });
    };
  }

  #tell(event: StudyEvent): void {
    const { post } = this.#options;
    if (event.type === 'begins')
      return post({ type: 'studyEvent', event: { type: 'begins', cell: event.cell.id } });
    if (event.type === 'waits') return post({ type: 'studyEvent', event });
    const { cell, row, done, seconds, left } = event;
    post({
      type: 'studyEvent',
      event: {
        type: 'ended',
        cell: cell.id,
        state: row.status,
        ...(row.why !== undefined && { why: row.why }),
        score: judgedScore(row),
        done,
        seconds,
        left,
      },
    });
  }
}

function plannedCell(cell: Cell, row: Row | undefined, { known, refused }: Estimates): PlannedCell {
  const estimate = known.get(cell.id);
  const why = row?.why ?? refused.get(cell.id)?.sentence;
  const score = row?.status === 'done' ? judgedScore(row) : null;
  const state: CellState = row?.status ?? (refused.has(cell.id) ? 'refused' : 'toDo');
  return {
    id: cell.id,
    name: cellTold(cell),
    kind: cell.kind,
    state,
    seconds: estimate?.seconds ?? null,
    bytes: estimate?.memory.total ?? null,
    ...(score !== null && { score }),
    ...(why !== undefined && { why }),
  };
}

function judgedScore(row: Row): { metric: string; value: number } | null {
  const value = scoreOn(row, 'test') ?? scoreOn(row, 'validation');
  return value === null ? null : { metric: row.metric, value };
}
