/** The tiny exported models of the committed training fixtures: one of each family, always there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../oracle/', import.meta.url));

/** An exported model in a folder of its own. */
export interface OracleModel {
  /** `bert-fill-mask` */
  name: string;
  folder: string;
  config: Record<string, unknown>;
  bytes: Uint8Array;
}

export const oracleModels: OracleModel[] = readdirSync(root)
  .filter((name) => existsSync(path.join(root, name, 'model.onnx')))
  .map((name) => {
    const folder = path.join(root, name);
    return {
      name,
      folder,
      config: JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')) as Record<string, unknown>,
      bytes: new Uint8Array(readFileSync(path.join(folder, 'model.onnx'))),
    };
  });

/** One of them by name. */
export function oracleModel(name: string): OracleModel {
  const model = oracleModels.find((m) => m.name === name);
  if (!model) throw new Error(`no model tests/oracle/${name}`);
  return model;
}

/** Two short texts, the first padded: ids any tiny vocabulary has. */
export function tinyFeeds(): Record<string, { dims: number[]; data: number[] }> {
  const ids = [2, 17, 45, 3, 31, 3, 0, 0, 2, 9, 37, 51, 33, 25, 21, 3];
  return {
    input_ids: { dims: [2, 8], data: ids },
    attention_mask: { dims: [2, 8], data: ids.map((id) => (id === 0 ? 0 : 1)) },
    token_type_ids: { dims: [2, 8], data: ids.map((_, i) => (i % 8 > 4 && i > 8 ? 1 : 0)) },
  };
}
