/**
 * Where WGSL text comes from. Node reads `shaders/` from disk (node-shaders.ts); the page hands over
 * what its bundler collected. Files are complete modules, apart from one mechanism: a line
 * `//#include "common/step"` stands for the text of `shaders/common/step.wgsl`, once per module. One that gives
 * values, `//#include "attention/eight-sums" tile="kept"`, stands for it each time, with `${tile}` replaced.
 */

/** Raw text of a shader by its path under `shaders/`, without `.wgsl`. Throws when there is none. */
export type ShaderSource = (path: string) => string;

const INCLUDE = /^[ \t]*\/\/#include "([^"]+)"((?:[ \t]+\w+="[^"]*")*)[ \t]*$/gm;
const VALUE = /(\w+)="([^"]*)"/g;

/** The module at `path` with its includes expanded. Throws `internal:` where an include gives other values than its file takes. */
export function loadShader(source: ShaderSource, path: string): string {
  const seen = new Set([path]);
  const expand = (text: string): string =>
    text.replace(INCLUDE, (_line, included: string, given: string) => {
      if (given !== '') return expand(withValues(included, source(included), given));
      if (seen.has(included)) return '';
      seen.add(included);
      return expand(source(included));
    });
  return expand(source(path));
}

function withValues(path: string, text: string, given: string): string {
  const values = new Map([...given.matchAll(VALUE)].map(([, name, value]) => [name, value]));
  const used = new Set<string>();
  const result = text.replace(/\$\{(\w+)\}/g, (_place, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`internal: an include of shader ${path} gives no ${name}`);
    used.add(name);
    return value;
  });
  for (const name of values.keys())
    if (!used.has(name)) throw new Error(`internal: shader ${path} takes no ${name}`);
  return result;
}

/**
 * A shader source over a bundler's module map, as `import.meta.glob('/shaders/**\/*.wgsl', { query: '?raw',
 * import: 'default', eager: true })` gives it: keys end in `shaders/<path>.wgsl`.
 */
export function shadersFromModules(modules: Readonly<Record<string, string>>): ShaderSource {
  const byPath = new Map<string, string>();
  for (const [key, text] of Object.entries(modules)) {
    const match = /shaders\/(.+)\.wgsl$/.exec(key);
    if (match) byPath.set(match[1], text);
  }
  return (path) => {
    const text = byPath.get(path);
    if (text === undefined) throw new Error(`internal: there is no shader ${path}`);
    return text;
  };
}
