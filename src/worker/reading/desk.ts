/** The reader's side: does a task after the other, and asks for files that it has not. */
import { packError, unpackError } from '../../errors.ts';
import { partsOfBlob, partsOfBytes } from '../../models/file-parts.ts';
import type { FromReader, OpenedFile, ToReader } from './messages.ts';
import { buffersOf, pack } from './packing.ts';
import { read } from './tasks.ts';

type Locks = Pick<LockManager, 'request'>;

/** @param post to the engine */
export function readerDesk(
  post: (message: FromReader, transfer: Transferable[]) => void,
  locks: Locks | undefined,
): (message: ToReader) => void {
  const asked = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let asks = 0;
  type Ask = { call: 'list' } | { call: 'read' | 'open'; name: string };
  const ask = <Value>(call: Ask): Promise<Value> =>
    new Promise((resolve, reject) => {
      const number = ++asks;
      asked.set(number, { resolve: resolve as (value: unknown) => void, reject });
      post({ type: 'ask', ask: number, ...call }, []);
    });
  const files = {
    list: () => ask<string[]>({ call: 'list' }),
    read: (name: string) => ask<Uint8Array | undefined>({ call: 'read', name }),
    open: async (name: string) => {
      const opened = await ask<OpenedFile | undefined>({ call: 'open', name });
      if (opened === undefined) return undefined;
      return 'blob' in opened ? partsOfBlob(opened.blob, name) : partsOfBytes(opened.bytes);
    },
  };
  return (message) => {
    switch (message.type) {
      case 'hello':
        // Held until the worker ends, however it ends.
        void locks?.request(message.lock, () => {
          post({ type: 'alive' }, []);
          return new Promise<never>(() => {});
        });
        return;
      case 'answer': {
        const waiting = asked.get(message.ask);
        asked.delete(message.ask);
        if (message.error !== undefined) waiting?.reject(unpackError(message.error));
        else waiting?.resolve(message.value);
        return;
      }
      case 'task': {
        const { id, task } = message;
        read(task, files).then(
          (value) => {
            const packed = pack(task, value);
            post({ type: 'done', id, value: packed }, buffersOf(task, packed));
          },
          (error: unknown) => post({ type: 'failed', id, error: packError(error) }, []),
        );
      }
    }
  };
}
