/** The page's end of the worker's messages: questions become promises, the rest goes to a listener. */
import { type Sentence } from '../../sentence.ts';
import type { AskedRequest, ErrorReply, Reply, Request } from '../../protocol/messages.ts';

/** What the client needs of a worker; tests give one that answers by hand. */
export interface Port {
  postMessage(message: Request): void;
  onmessage: ((event: { data: Reply }) => void) | null;
  /** A script that could not be loaded leaves no message. */
  onerror: ((event: { message?: string }) => void) | null;
}

/** A refusal from the engine, or a defect of it. */
export class EngineError extends Error {
  declare protected readonly nominal: true;
  override readonly name = 'EngineError';
  readonly code: ErrorReply['code'];
  readonly where: string | null;
  readonly sentence: Sentence | undefined;
  readonly details: readonly Sentence[];
  readonly question: ErrorReply['question'];

  constructor(reply: Pick<ErrorReply, 'message' | 'sentence' | 'code' | 'where' | 'details' | 'question'>) {
    super(reply.message);
    this.sentence = reply.sentence;
    this.code = reply.code;
    this.where = reply.where;
    this.details = reply.details ?? [];
    this.question = reply.question;
  }
}

/** Replies that answer the request of a type. */
interface Answers {
  loadModel: Extract<Reply, { type: 'model' }>;
  loadData: Extract<Reply, { type: 'data' }>;
  forecast: Extract<Reply, { type: 'forecast' }>;
  start: Extract<Reply, { type: 'started' }>;
  export: Extract<Reply, { type: 'files' }>;
  continue: Extract<Reply, { type: 'started' }>;
  adopt: Extract<Reply, { type: 'adopted' }>;
  batchMemory: Extract<Reply, { type: 'batchMemory' }>;
  predictions: Extract<Reply, { type: 'predictions' }>;
  judgeStored: Extract<Reply, { type: 'predictions' }>;
  predict: Extract<Reply, { type: 'answers' }>;
  dataRows: Extract<Reply, { type: 'dataRows' }>;
  analyseData: Extract<Reply, { type: 'dataAnalysis' }>;
  modelTree: Extract<Reply, { type: 'modelTree' }>;
  openAdapter: Extract<Reply, { type: 'adapterOpened' }>;
  forecastTime: Extract<Reply, { type: 'forecastTime' }>;
  advise: Extract<Reply, { type: 'advised' }>;
  findRate: Extract<Reply, { type: 'foundRate' }>;
  measure: Extract<Reply, { type: 'measured' }>;
  study: Extract<Reply, { type: 'studyPlan' | 'studyEnded' | 'studyRows' }>;
}

/** A request as asked: the client gives it its id. */
type Asked<Type extends AskedRequest['type']> = Omit<Extract<AskedRequest, { type: Type }>, 'id'>;

/** Replies nobody asked for. */
export type Report =
  | Extract<
      Reply,
      {
        type:
          | 'download'
          | 'device'
          | 'events'
          | 'state'
          | 'controls'
          | 'doing'
          | 'left'
          | 'storage'
          | 'advising'
          | 'measuring'
          | 'studyEvent';
      }
    >
  | ErrorReply;

export class EngineClient {
  readonly #port: Port;
  readonly #waiting = new Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>();
  #nextId = 1;

  /** @param listen gets every report that answers no question, errors with `id: null` among them */
  constructor(port: Port, listen: (report: Report) => void) {
    this.#port = port;
    port.onmessage = ({ data }) => {
      switch (data.type) {
        case 'download':
        case 'device':
        case 'events':
        case 'state':
        case 'controls':
        case 'left':
        case 'doing':
        case 'advising':
        case 'measuring':
        case 'studyEvent':
        case 'storage':
          listen(data);
          return;
        case 'alive':
        case 'busy':
          // Whoever watches over the engine has heard them.
          return;
        case 'error':
          if (data.id === null) listen(data);
          else this.#settle(data.id, (waiting) => waiting.reject(new EngineError(data)));
          return;
        case 'adapterOpened':
        case 'model':
        case 'data':
        case 'forecast':
        case 'started':
        case 'files':
        case 'adopted':
        case 'batchMemory':
        case 'forecastTime':
        case 'foundRate':
        case 'advised':
        case 'measured':
        case 'predictions':
        case 'answers':
        case 'dataRows':
        case 'modelTree':
        case 'dataAnalysis':
        case 'studyPlan':
        case 'studyEnded':
        case 'studyRows':
          this.#settle(data.id, (waiting) => waiting.resolve(data));
      }
    };
    port.onerror = ({ message }) => {
      const reply: ErrorReply = {
        type: 'error',
        id: null,
        message: message ?? 'the worker could not be loaded; reload the page',
        code: 'internal',
        where: null,
      };
      for (const { reject } of this.#waiting.values()) reject(new EngineError(reply));
      this.#waiting.clear();
      listen(reply);
    };
  }

  /** Refuses what still waits for an answer: whoever was asked is gone. */
  abandon(message: string): void {
    const error = new EngineError({ message, code: 'device', where: null });
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  /** @throws EngineError (rejects) with the worker's sentence */
  ask<Type extends AskedRequest['type']>(request: Asked<Type> & { type: Type }): Promise<Answers[Type]> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (reply: Reply) => void, reject });
      this.#port.postMessage({ ...request, id } as unknown as AskedRequest);
    });
  }

  tell(request: Exclude<Request, AskedRequest>): void {
    this.#port.postMessage(request);
  }

  #settle(
    id: number,
    act: (waiting: { resolve: (reply: Reply) => void; reject: (e: Error) => void }) => void,
  ) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (waiting !== undefined) act(waiting);
  }
}
