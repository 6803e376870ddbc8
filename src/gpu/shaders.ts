/**
 * Where WGSL text comes from. Node reads `shaders/` from disk (node-shaders.ts); the page hands over
 * what its bundler collected. Files are complete modules, apart from one mechanism: a line
 * `//#include "common/step"` stands for the text of `shaders/common/step.wgsl`, once per module.
 */

/** Raw text of a shader by its path under `shaders/`, without `.wgsl`. Throws when there is none. */
export type ShaderSource = (path: string) => string;

const INCLUDE = /^[ \t]*\/\/#include "([^"]+)"[ \t]*$/gm;

/** The module at `path` with its includes expanded, each file at most once. */
export function loadShader(source: ShaderSource, path: string): string {
  const seen = new Set([path]);
  const expand = (text: string): string =>
    text.replace(INCLUDE, (_line, included: string) => {
      if (seen.has(included)) return '';
      seen.add(included);
      return expand(source(included));
    });
  return expand(source(path));
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
