/** WGSL from the `shaders/` folder beside `src/`, for Node. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ShaderSource } from './shaders.ts';

/** The folder `shaders/` of this project. */
export const SHADERS_FOLDER = fileURLToPath(new URL('../../shaders/', import.meta.url));

const cache = new Map<string, string>();

/** Reads `shaders/<path>.wgsl`, once. */
export const nodeShaders: ShaderSource = (path) => {
  let text = cache.get(path);
  if (text === undefined) {
    try {
      text = readFileSync(`${SHADERS_FOLDER}${path}.wgsl`, 'utf8');
    } catch (cause) {
      throw new Error(`internal: there is no shader ${path}`, { cause });
    }
    cache.set(path, text);
  }
  return text;
};
