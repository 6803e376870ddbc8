/** The parameters of a model as a tree, with repeated layers folded into one. */
import type { ModelTree } from '../../protocol/tree.ts';
import { targetMatcher } from '../../deltas/targets.ts';

/** All of it trains, a part of it does, or it is frozen and a trained addition stands beside it. */
export type TreeTouch = 'whole' | 'part' | 'beside';

export interface TreeMark {
  run: string;
  touch: TreeTouch;
}

export interface TreeNode {
  /** Part of a name, or a range as `[0–3]` for layers that are alike. */
  label: string;
  /** Full name of the first parameter or module it stands for. */
  path: string;
  /** Numbers of the model in all that it stands for. */
  count: number;
  /** Numbers that methods add there, each tensor once. */
  added: number;
  /** Whether it is itself a tensor that a method adds. */
  addition: boolean;
  /** Of a tensor: its shape, and its role. */
  shape: readonly number[] | null;
  role: string | null;
  /** Runs that touch something in it. */
  marks: TreeMark[];
  children: TreeNode[];
}

interface Building {
  label: string;
  path: string;
  leaf: Omit<TreeNode, 'label' | 'path' | 'children'> | null;
  children: Map<string, Building>;
}

/**
 * The tree of a model's parameters and of what the methods add to them, each addition below the module that
 * it stands at.
 * @param only a run to show alone; all runs where it is null
 */
export function modelTree(tree: ModelTree, only: string | null = null): TreeNode[] {
  const root: Building = { label: '', path: '', leaf: null, children: new Map() };
  const runs = tree.runs.filter(({ run }) => only === null || run === only);
  const trained = runs.map(({ run, trained: indices }) => ({ run, indices: new Set(indices) }));
  const weights = new Set(tree.linears.map(({ module }) => `${module}.weight`));
  tree.parameters.forEach(({ name, shape, role }, index) => {
    const marks = trained.flatMap(({ run, indices }): TreeMark[] => {
      if (indices.has(index)) return [{ run, touch: 'whole' }];
      const { added } = runs.find((other) => other.run === run)!;
      const beside = weights.has(name) && added.some(({ module }) => `${module}.weight` === name);
      return beside ? [{ run, touch: 'beside' }] : [];
    });
    place(root, name.split('.')).leaf = { count: size(shape), added: 0, addition: false, shape, role, marks };
  });
  for (const { run, added } of runs) {
    for (const { module, name, shape } of added) {
      const parent = module === '' ? root : place(root, module.split('.'));
      // Runs that add the same share a line; others of that name say whose they are.
      const same = parent.children.get(name)?.leaf ?? null;
      const other = same !== null && same.shape?.join() !== shape.join();
      const at = child(parent, other ? `${name} (${run})` : name);
      const leaf = at.leaf ?? { count: 0, added: size(shape), addition: true, shape, role: null, marks: [] };
      at.leaf = { ...leaf, marks: [...leaf.marks, { run, touch: 'whole' }] };
    }
  }
  return finish(root).children;
}

const size = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

function place(root: Building, parts: readonly string[]): Building {
  return parts.reduce(child, root);
}

function child(at: Building, label: string): Building {
  const known = at.children.get(label);
  if (known) return known;
  const path = at.path === '' ? label : `${at.path}.${label}`;
  const made: Building = { label, path, leaf: null, children: new Map() };
  at.children.set(label, made);
  return made;
}

function finish({ label, path, leaf, children: inside }: Building): TreeNode {
  if (leaf !== null) return { label, path, ...leaf, children: [] };
  const children = fold([...inside.values()].map(finish));
  const own = children.filter(({ addition }) => !addition);
  const names = [...new Set(children.flatMap(({ marks }) => marks.map(({ run }) => run)))];
  const whole = (run: string): boolean =>
    own.length > 0 &&
    own.every(({ marks }) => marks.some((mark) => mark.run === run && mark.touch === 'whole'));
  return {
    label,
    path,
    count: children.reduce((sum, { count }) => sum + count, 0),
    added: children.reduce((sum, { added }) => sum + added, 0),
    addition: false,
    shape: null,
    role: null,
    marks: names.map((run) => ({ run, touch: whole(run) ? 'whole' : 'part' })),
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
        added: before.node.added + node.added,
      };
    } else folded.push({ node, key, first: number, last: number });
  }
  return folded.map(({ node }) => node);
}

/** What two layers must have in common to be folded. */
function shapeOf(node: TreeNode): string {
  const marks = node.marks.map(({ run, touch }) => `${run}:${touch}`).join();
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
