/** What the page can do: every change of its state goes through one of these. */
import type { StoreApi } from 'zustand/vanilla';
import type { ReadingChoices } from '../../data/reading.ts';
import type {
  Columns,
  DataSource,
  Exported,
  FolderFile,
  ModelSource,
  TableSource,
  TaskSource,
} from '../../protocol/messages.ts';
import type { Artifact } from '../../protocol/messages.ts';
import type { KnownColumns } from '../../question.ts';
import type { DataPart, FileRow } from '../../protocol/data.ts';
import type { SpecInput, Task } from '../../runs/spec.ts';
import type { Joining } from './combinations.ts';
import type { MethodType } from '../../deltas/defaults.ts';
import type { SourceWeights } from '../../runs/prompt-transfer.ts';
import type { StartPlace } from './draft-starts.ts';
import type { Form, TaskWords, TrainingField } from './form.ts';
import type { RateCurve } from '../../advice/range-test.ts';
import type { AdviceActions } from './find-advice.ts';
import type { KeptAdapter, KeptData } from './kept-form.ts';
import type { History } from './history.ts';
import type { MeasureActions } from './measuring.ts';

import type { StoredActions } from './stored-actions.ts';
import type { Recorder } from './recorder.ts';
import type { StudyActions } from './study/study-actions.ts';
import type { Answers, StudioState } from './studio-state.ts';

export interface Studio {
  store: StoreApi<StudioState>;
  recorder: Recorder;
  history: History;
  stored: StoredActions;
  advice: AdviceActions;
  measuring: MeasureActions;
  study: StudyActions;
  /** Curves of a run on show or laid over. */
  curves: Recorder['curves'];
  /** Opens the device, again after it was lost or something else was chosen. */
  openDevice(): void;
  /** Data that the model cannot be asked for is read anew, as it can; `keepData` leaves that to whoever loads data next. */
  loadModel(source: ModelSource, keepData?: boolean): Promise<void>;
  /** Makes another engine where the last one is gone: model and data are read again, and a run that was cut off goes on from its last checkpoint. */
  restartEngine(): Promise<void>;
  /** Gives up a download from a hub; what has arrived is kept. */
  cancelDownload(): void;
  /** Another first data set; further tasks stay. */
  loadData(source: TableSource): Promise<void>;
  /** One more task beside those that are there. */
  addTask(source: TableSource): Promise<void>;
  /** Reads a further task otherwise. */
  changeTask(name: string, changed: Partial<Omit<TaskSource, 'name'>>): Promise<void>;
  removeTask(name: string): Promise<void>;
  /** Template and label words of a further task. */
  setTaskWords(name: string, changed: Partial<TaskWords>): void;
  /** Looks at one task of a comparison of several; null for their mean. */
  showTask(task: string | null): void;
  /** The model and the data that were read last, and all saved adapters that were opened. */
  sources(): { model: ModelSource; data: KeptData | null; adapters: readonly KeptAdapter[] };
  /** Opens again what was there before something that could not be read. */
  goBackToModel(): Promise<void>;
  goBackToData(): Promise<void>;
  /** Gives up reading a data file. */
  cancelReading(): void;
  /** Reads the current dataset again with other columns or as another task. */
  chooseColumns(columns: Columns, task: Task): Promise<void>;
  /** Reads the current dataset again with what was said of its columns; the others are guessed. */
  sayColumns(given: KnownColumns): Promise<void>;
  /** Reads the current dataset again, with rows that cannot be used left out or refused. */
  setReading(changed: ReadingChoices): Promise<void>;
  /** Rows of a file as they stand there. @throws EngineError */
  dataRows(set: number, part: DataPart, from: number, count: number): Promise<FileRow[]>;
  /** `id` names a draft: a method's type, or a copy as `lora-2`. */
  toggleMethod(id: string, enabled: boolean): void;
  setMethodField(id: string, field: string, text: string): void;
  /** Sets a method's options back to their defaults. */
  resetMethod(id: string): void;
  /** A method starts from a saved adapter: its files, or the zip they are in. @throws what the engine says of them */
  openAdapter(id: string, name: string, files: FolderFile[], place?: StartPlace): Promise<void>;
  /** How several prompts that a method starts from count. */
  setStartWeights(id: string, weights: SourceWeights): void;
  /** Finds out how long a run of each method will take; says nothing where that cannot be told. */
  forecastTimes(): Promise<void>;
  /** The range test of a run's learning rate. @throws EngineError */
  findRate(run: string): Promise<RateCurve | null>;
  /** It reads that one no longer. */
  dropAdapter(id: string, place: StartPlace, name: string): void;
  /** Two cards become a combination: they train together, or the second after the first. */
  combine(first: string, second: string, how: Joining): void;
  /** Changes the combinations of the form. */
  changeCombinations(change: (form: Form) => Form): void;
  /** One more of a method, to be given other options. */
  addMethod(type: MethodType): void;
  removeMethod(id: string): void;
  /** The text around the rows' texts. */
  setTemplate(template: string): void;
  /** The word that stands for a label. */
  setWord(label: string, word: string): void;
  /** The comparison as JSON, which then counts instead of the fields; null for the fields. */
  setJson(text: string | null): void;
  setForm(form: Form): void;
  /** Fills the form from a spec. */
  fillForm(spec: SpecInput): void;
  /** Reads a dataset with given columns, as it was read before. */
  readData(source: DataSource, task: Task, columns: Columns, reading?: ReadingChoices): Promise<void>;
  setTrainingField(field: TrainingField, text: string): void;
  start(): Promise<void>;
  /** All runs, or the one of a key; so with `step`, `resume` and `stop`. */
  pause(run?: string): void;
  /** Those that are paused take one step. */
  step(run?: string): void;
  resume(run?: string): void;
  stop(run?: string): void;
  /** What the untuned model and every tuned one make of a text. @throws EngineError */
  predict(text: string, text2: string | null): Promise<Answers>;
  /** Files of one artifact of a run. @throws EngineError */
  exportRun(run: string, artifact: Artifact): Promise<Exported>;
}
