/** Every reader of files from outside, by name. */
import type { Reader } from '../reader.ts';
import { ADAPTERS } from './adapters.ts';
import { MODELS } from './models.ts';
import { RECORDS } from './records.ts';
import { TABLES } from './tables.ts';
import { TOKENIZERS } from './tokenizers.ts';

export const READERS: readonly Reader[] = [...TABLES, ...MODELS, ...ADAPTERS, ...TOKENIZERS, ...RECORDS];
