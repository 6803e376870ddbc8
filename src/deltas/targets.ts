/**
 * Which linears a method attaches to. A target is, in this order:
 *  a role            `q`, `ffn.in`, `pooler`, also with stack, layer or block: `encoder.3.self.q`, `decoder.cross.v`
 *  a dotted suffix   of the module's original name: `query`, `attention.output.dense`
 *  an expression     `/layer\.[01]\..*\.query/`, tried on module name and role (see pattern.ts)
 * Roles follow OpenDelta's common names, suffixes PEFT's `target_modules`.
 */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import type { LinearSite } from '../graph/roles.ts';
import type { DeltaModel } from './delta.ts';
import { linearPattern } from './pattern.ts';

/** Parts of a role that have a dot of their own. */
const DOTTED = ['ffn.in', 'ffn.gate', 'ffn.out', 'embeddings.project'];

function roleTokens(role: string): string[] {
  const dotted = DOTTED.find((part) => role === part || role.endsWith(`.${part}`));
  if (!dotted) return role.split('.');
  const before = role.slice(0, -dotted.length).replace(/\.$/, '');
  return [...(before ? before.split('.') : []), dotted];
}

/** Whether `target` names `role`: same last part, and the other parts occur in order. */
export function matchesRole(target: string, role: string): boolean {
  const wanted = roleTokens(target);
  const has = roleTokens(role);
  if (wanted.at(-1) !== has.at(-1)) return false;
  let at = 0;
  for (const token of wanted) {
    at = has.indexOf(token, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** Is it written `/like this/`? */
export function isExpression(target: string): boolean {
  return target.length > 2 && target.startsWith('/') && target.endsWith('/');
}

/**
 * What a target means, as a predicate over linears by role and module path.
 * @throws SyntaxError for a regular expression that does not compile
 */
export function targetMatcher(target: string): (site: Pick<LinearSite, 'role' | 'module'>) => boolean {
  if (isExpression(target)) {
    const matches = linearPattern(target.slice(1, -1));
    return (site) => matches(site.module) || matches(site.role);
  }
  return (site) =>
    matchesRole(target, site.role) || site.module === target || site.module.endsWith(`.${target}`);
}

/** As `targetMatcher`. @throws StudioError('spec') for a broken regular expression */
function matcher(target: string, where: string): (site: LinearSite) => boolean {
  try {
    return targetMatcher(target);
  } catch (cause) {
    throw new StudioError(
      'spec',
      say`${field(where)}: "${target}" is not a valid regular expression; correct it.`,
      {
        where,
        cause,
      },
    );
  }
}

/**
 * The linear sites the targets name, in graph order, the head's left out (it is trained anyway).
 * @param where path of the spec field, for messages
 * @throws StudioError('spec') naming the target that matches nothing, and what there is
 */
export function matchTargets(
  model: DeltaModel,
  targets: readonly string[],
  where = 'method.targets',
): LinearSite[] {
  const head = new Set(model.head);
  const sites = model.roles.linears.filter((site) => !head.has(site.weight));
  if (sites.length === 0)
    throw new StudioError(
      'unsupported',
      say`${field('method.type')}: it attaches to linear layers, and this model has none outside its head; choose another method.`,
      { where: 'method.type' },
    );
  const chosen = new Set<LinearSite>();
  targets.forEach((target, i) => {
    const matches = matcher(target, `${where}[${i}]`);
    const found = sites.filter(matches);
    if (found.length === 0) {
      const known = [...new Set(sites.map((site) => roleTokens(site.role).at(-1)))].join(', ');
      throw new StudioError(
        'spec',
        say`${field(`${where}[${i}]`)}: "${target}" matches no linear layer of this model; its roles are ${known}.`,
        { where: `${where}[${i}]` },
      );
    }
    for (const site of found) chosen.add(site);
  });
  if (chosen.size === 0)
    throw new StudioError('spec', say`${field(where)}: got no target; name at least one, such as "q".`, {
      where,
    });
  return sites.filter((site) => chosen.has(site));
}

/** Targets that name these modules' linears and no others: a part's name where all such are meant, else whole roles. */
export function targetsOf(linears: readonly LinearSite[], modules: ReadonlySet<string>): string[] {
  const chosen = linears.filter(({ module }) => modules.has(module));
  const targets = new Set<string>();
  for (const { role } of chosen) {
    const short = /(?:^|\.)((?:ffn\.)?[^.]+)$/.exec(role)![1];
    const all = linears.filter((site) => matchesRole(short, site.role));
    targets.add(all.every(({ module }) => modules.has(module)) ? short : role);
  }
  return [...targets];
}
