/** Signs of life between the page and its engine. */

/** Work of the engine that may keep it from answering for a while. */
export type Busy =
  | 'device' // asking for the device
  | 'model' // reading a model
  | 'data' // reading or looking through data
  | 'plan' // working out memory, or a run's program
  | 'store' // writing checkpoints and adapters
  | 'answer' // predictions
  | 'export';

export type LifeRequest =
  /** The first message: the engine holds the Web Lock of this name for as long as it lives. */
  | { type: 'hello'; lock: string }
  /** Answered at once, whenever the engine comes to read messages. */
  | { type: 'ping' };

export type LifeReply =
  /** `holds`: it has the lock, so that whoever waits for that hears of its end. */
  | { type: 'alive'; holds: boolean }
  /** It begins such work, or a further part of it; null when it is done. Sent before the work, and so heard during it. */
  | { type: 'busy'; what: Busy | null };
