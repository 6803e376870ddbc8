/**
 * Reads files of outside in a worker of its own, so that none can take the engine or the page down. One that takes
 * too long, too much memory, or is given up ends with that worker; the next reading starts another.
 */
import { StudioError, unpackError, packError, type StudioErrorCode } from '../../errors.ts';
import { checkWholeSize, openParts, type ModelFiles } from '../../models/files.ts';
import { say, type Sentence } from '../../sentence.ts';
import type { FromReader, OpenedFile, ReaderPort } from './messages.ts';
import { unpack } from './packing.ts';
import type { ReadingTask, Readings } from './tasks.ts';

/** Seconds that a reading may take from one sign of it to the next, and more for each 10 MB of a file. */
const LIMITS: Readonly<Record<ReadingTask['kind'], number>> = {
  table: 20,
  model: 90,
  adapter: 20,
  archive: 20,
};
const SECONDS_PER_BYTE = 2 / 10e6;

const CODES: Readonly<Record<ReadingTask['kind'], StudioErrorCode>> = {
  table: 'data',
  model: 'model',
  adapter: 'adapter-file',
  archive: 'storage',
};

export interface ReadingRoomOptions {
  /** Starts a reader; without one files are read right here, as tests and the command line do. */
  start: (() => ReaderPort) | undefined;
  locks: Pick<LockManager, 'request'> | undefined;
}

interface Reading {
  id: number;
  task: ReadingTask;
  files: Pick<ModelFiles, 'list' | 'read' | 'open'>;
  resolve: (value: Readings[keyof Readings]) => void;
  reject: (error: Error) => void;
}

const NO_FILES: Reading['files'] = { list: async () => [], read: async () => undefined };

async function answerTo(
  message: FromReader & { type: 'ask' },
  files: Reading['files'],
): Promise<string[] | Uint8Array | OpenedFile | undefined> {
  switch (message.call) {
    case 'list':
      return files.list();
    case 'read':
      return files.read(message.name);
    case 'open': {
      const parts = await openParts(files, message.name);
      if (parts === undefined || parts.blob) return parts?.blob && { blob: parts.blob };
      checkWholeSize(message.name, parts.size);
      return { bytes: await parts.part(0, parts.size) };
    }
  }
}

export class ReadingRoom {
  readonly #options: ReadingRoomOptions;
  #port: ReaderPort | null = null;
  #reading: Reading | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ids = 0;

  constructor(options: ReadingRoomOptions) {
    this.#options = options;
  }

  /**
   * Reads. Readings come one at a time: an earlier one that has not ended is given up.
   * @param files of a model, read as they are asked for
   * @throws StudioError as the reader of each, and where reading was ended
   */
  async read<Task extends ReadingTask>(
    task: Task,
    files: Reading['files'] = NO_FILES,
  ): Promise<Readings[Task['kind']]> {
    const { start } = this.#options;
    if (start === undefined) {
      // Where there is a reader, whoever asks it need not have what reads.
      const { read } = await import('./tasks.ts');
      return read(task, files) as Promise<Readings[Task['kind']]>;
    }
    this.cancel();
    return new Promise<Readings[keyof Readings]>((resolve, reject) => {
      this.#reading = { id: ++this.#ids, task, files, resolve, reject };
      this.#port ??= this.#open(start);
      this.#port.postMessage({ type: 'task', id: this.#ids, task });
      this.#wait();
    }) as Promise<Readings[Task['kind']]>;
  }

  /** Gives up what is being read, of one kind or whatever it is. */
  cancel(kind?: ReadingTask['kind']): void {
    if (this.#reading === null || (kind !== undefined && this.#reading.task.kind !== kind)) return;
    this.#end((name) => say`Reading ${name} was given up; choose it again, or another file.`);
  }

  /** Lets the reader go, unless it reads: nothing more is to come for long. */
  release(): void {
    if (this.#reading !== null) return;
    this.#port?.terminate();
    this.#port = null;
  }

  #open(start: () => ReaderPort): ReaderPort {
    const port = start();
    const lock = `delta-studio.reader.${crypto.randomUUID()}`;
    port.onmessage = ({ data }) => {
      if (data.type !== 'alive') this.#hear(port, data);
      // Free only when the reader that holds it has ended.
      else void this.#options.locks?.request(lock, () => this.#died(port));
    };
    port.onerror = () => this.#died(port);
    port.postMessage({ type: 'hello', lock });
    return port;
  }

  #hear(port: ReaderPort, message: Exclude<FromReader, { type: 'alive' }>): void {
    const reading = this.#reading;
    if (reading === null || port !== this.#port) return;
    if (message.type === 'ask') {
      // What it waits for is not its own time.
      clearTimeout(this.#timer);
      void this.#answer(port, reading, message);
    } else if (message.id === reading.id) {
      clearTimeout(this.#timer);
      this.#reading = null;
      if (message.type === 'done') reading.resolve(unpack(reading.task, message.value));
      else reading.reject(unpackError(message.error));
    }
  }

  async #answer(port: ReaderPort, { files }: Reading, message: FromReader & { type: 'ask' }): Promise<void> {
    const { ask } = message;
    try {
      const value = await answerTo(message, files);
      if (port !== this.#port) return;
      port.postMessage({ type: 'answer', ask, value });
    } catch (error) {
      if (port === this.#port) port.postMessage({ type: 'answer', ask, error: packError(error) });
    }
    this.#wait();
  }

  #wait(): void {
    const { task } = this.#reading!;
    const size = 'file' in task ? task.file.size : 0;
    const seconds = Math.ceil(LIMITS[task.kind] + SECONDS_PER_BYTE * size);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#end(
        (name) =>
          say`${name} was being read for ${seconds} seconds without an end, so that was stopped: the file may be damaged; choose another one, or one with fewer rows.`,
      );
    }, 1000 * seconds);
  }

  #died(port: ReaderPort): void {
    if (port !== this.#port) return;
    this.#end(
      (name) =>
        say`Reading ${name} took more memory than this browser gives, so it was stopped; choose a smaller file, or use the command line.`,
    );
  }

  /** Ends the reader, and with it what it reads. */
  #end(why: (name: string) => Sentence): void {
    clearTimeout(this.#timer);
    this.#port?.terminate();
    this.#port = null;
    const reading = this.#reading;
    this.#reading = null;
    if (reading === null) return;
    const { task } = reading;
    const name = 'file' in task ? task.file.name : task.name;
    reading.reject(new StudioError(CODES[task.kind], why(name), { where: name }));
  }
}
