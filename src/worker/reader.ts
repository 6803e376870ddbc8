/** The worker that reads files of outside for the engine; see `reading/room.ts`. */
import '../protocol/without-eval.ts';
import { readerDesk } from './reading/desk.ts';
import type { FromReader, ToReader } from './reading/messages.ts';

const desk = readerDesk(
  (message: FromReader, transfer) => postMessage(message, { transfer }),
  (navigator as Partial<Pick<Navigator, 'locks'>>).locks,
);
onmessage = ({ data }: MessageEvent<ToReader>) => desk(data);
