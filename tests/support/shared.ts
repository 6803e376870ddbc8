/** Models of the optional shared folder. Tests that need it skip, and say so, when it is absent. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The shared folder; `DELTA_SHARED` overrides its place beside the repository. */
export const sharedFolder = path.resolve(process.env.DELTA_SHARED ?? '../shared');

/** An exported model of the shared folder. */
export interface SharedModel {
  /** `exported-opset11/bert-fill-mask` */
  name: string;
  folder: string;
  config: Record<string, unknown>;
}

/** Encoder exports of one folder (`exported-opset11`), quantised ones left out; none without the folder. */
export function sharedEncoders(group: 'exported-opset11' | 'exported-opset18'): SharedModel[] {
  const root = path.join(sharedFolder, 'models', group);
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter((name) => existsSync(path.join(root, name, 'model.onnx')))
    .map((name) => {
      const folder = path.join(root, name);
      const config = path.join(folder, 'config.json');
      return {
        name: `${group}/${name}`,
        folder,
        config: existsSync(config)
          ? (JSON.parse(readFileSync(config, 'utf8')) as Record<string, unknown>)
          : {},
      };
    });
}

/** All of them. */
export const allEncoders = [...sharedEncoders('exported-opset11'), ...sharedEncoders('exported-opset18')];

/** Encoder-decoder exports with each of their decoders that starts from nothing. */
export const sharedEncoderDecoders = ['exported-opset11', 'exported-opset18'].flatMap((group) => {
  const root = path.join(sharedFolder, 'models', group);
  if (!existsSync(root)) return [];
  return readdirSync(root).flatMap((name) =>
    ['decoder_model.onnx', 'decoder_model_merged.onnx']
      .filter((file) => existsSync(path.join(root, name, file)))
      .map((decoder) => ({ name: `${group}/${name}/${decoder}`, folder: path.join(root, name), decoder })),
  );
});

/** Reads a file of a model; undefined when it is not there. */
export function readShared(folder: string, name: string): Uint8Array | undefined {
  const file = path.join(folder, name);
  return existsSync(file) ? readFileSync(file) : undefined;
}
