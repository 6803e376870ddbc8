/** What the engine says, in Chinese, table by table. */
import { adapters } from './adapters.ts';
import { advice } from './advice.ts';
import { data } from './data.ts';
import { device } from './device.ts';
import { graph } from './graph.ts';
import { hub } from './hub.ts';
import { methods } from './methods.ts';
import { model } from './model.ts';
import { reading } from './reading.ts';
import { running } from './running.ts';
import { spec } from './spec.ts';
import { stored } from './stored.ts';
import { study } from './study.ts';
import type { Table } from './table.ts';
import { tokens } from './tokens.ts';
import { verdict } from './verdict.ts';

export const TABLES: Readonly<Record<string, Table>> = {
  adapters,
  advice,
  data,
  device,
  graph,
  hub,
  methods,
  model,
  reading,
  running,
  spec,
  stored,
  study,
  tokens,
  verdict,
};

export const CHINESE: Table = Object.assign({}, ...Object.values(TABLES)) as Table;
