/** Messages about a model's download from a hub. */
import type { Sentence } from '../sentence.ts';

/** Gives the download up; what has arrived is kept. */
export interface HubRequest {
  type: 'cancelDownload';
}

/** How far a file is, as it comes. */
export interface HubReply {
  type: 'download';
  file: string;
  /** Bytes. */
  loaded: number;
  total: number;
  /** Why nothing comes at the moment. */
  waiting?: Sentence;
}
