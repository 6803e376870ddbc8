/** The parameters of a model as a tree, with repeated layers folded into one. */
import type { ModelTree, TreeParameter } from '../../protocol/tree.ts';
import { targetMatcher } from '../../deltas/targets.ts';

export interface TreeNode {
  /** Part of a name, or a range as `[0–3]` for layers that are alike. */
  label: string;
  /** Full name of the first parameter or module it stands for. */
  path: string;
  /** Numbers in all that it stands for. */
  count: number;
  /** Of a parameter: its shape, and its role. */
  shape: readonly number[] | null;
  role: string | null;
  /** Runs that train something in it, and whether they train all of it. */
  trained: { run: string; whole: boolean }[];
  children: TreeNode[];
}

interface Building {
  label: string;
  path: string;
  leaf: { parameter: TreeParameter; index: number } | null;
  children: Map<string, Building>;
}

/** The tree of a model's parameters. */
export function modelTree(tree: ModelTree): TreeNode[] {
  const root: Building = { label: '', path: '', leaf: null, children: new Map() };
  tree.parameters.forEach((parameter, index) => {
    let at = root;
    for (const part of parameter.name.split('.')) {
      let next = at.children.get(part);
      if (!next) {
        next = {
          label: part,
          path: at.path === '' ? part : `${at.path}.${part}`,
          leaf: null,
          children: new Map(),
        };
        at.children.set(part, next);
      }
      at = next;
    }
    at.leaf = { parameter, index };
  });
  const trained = tree.runs.map(({ run, trained: indices }) => ({ run, indices: new Set(indices) }));
  return finish(root, trained).children;
}

function finish(node: Building, runs: readonly { run: string; indices: ReadonlySet<number> }[]): TreeNode {
  if (node.leaf !== null) {
    const { parameter, index } = node.leaf;
    const count = parameter.shape.reduce((product, size) => product * size, 1);
    const trained = runs.filter(({ indices }) => indices.has(index)).map(({ run }) => ({ run, whole: true }));
    return {
      label: node.label,
      path: node.path,
      count,
      shape: parameter.shape,
      role: parameter.role,
      trained,
      children: [],
    };
  }
  const children = fold([...node.children.values()].map((child) => finish(child, runs)));
  const names = [...new Set(children.flatMap(({ trained }) => trained.map(({ run }) => run)))];
  return {
    label: node.label,
    path: node.path,
    count: children.reduce((sum, { count }) => sum + count, 0),
    shape: null,
    role: null,
    trained: names.map((run) => ({
      run,
      whole: children.every((child) => child.trained.some((mark) => mark.run === run && mark.whole)),
    })),
    children,
  };
}

/** Neighbours with numbers for names that hold the same, trained alike, become one. */
function fold(children: readonly TreeNode[]): TreeNode[] {
  const folded: { node: TreeNode; key: string; first: number; last: number }[] = [];
  for (const node of children) {
    const number = /^\d+$/.test(node.label) ? Number(node.label) : NaN;
    const key = shapeOf(node);
    const before = folded.at(-1);
    if (before?.last === number - 1 && before.key === key) {
      before.last = number;
      before.node = {
        ...before.node,
        label: `[${before.first}–${number}]`,
        count: before.node.count + node.count,
      };
    } else folded.push({ node, key, first: number, last: number });
  }
  return folded.map(({ node }) => node);
}

/** What two layers must have in common to be folded. */
function shapeOf(node: TreeNode): string {
  const marks = node.trained.map(({ run, whole }) => `${run}${whole ? '' : '~'}`).join();
  const inner = node.children.map((child) => `${child.label}:${shapeOf(child)}`).join(';');
  return `${node.shape?.join('x') ?? ''}|${marks}|{${inner}}`;
}

/** How many matrices each target names; null for one that does not read. */
export function countTargets(
  linears: ModelTree['linears'],
  targets: readonly string[],
): { total: number; each: Map<string, number> } {
  const all = new Set<number>();
  const each = new Map<string, number>();
  for (const target of targets) {
    let test: ReturnType<typeof targetMatcher>;
    try {
      test = targetMatcher(target);
    } catch {
      continue;
    }
    const found = linears.flatMap((site, i) => (test(site) ? [i] : []));
    each.set(target, found.length);
    for (const i of found) all.add(i);
  }
  return { total: all.size, each };
}
