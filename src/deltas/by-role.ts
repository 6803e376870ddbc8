/** Numbers of single roles beside the one that holds for all: LoRA's ranks and alphas, and those of its kin. */
import { StudioError } from '../errors.ts';
import type { LinearSite } from '../graph/roles.ts';
import { field, say } from '../sentence.ts';
import { matchesRole } from './targets.ts';

/** By target; the last that names a role counts. */
type ByRole = Readonly<Record<string, number>>;

/** Rank and alpha of single roles. */
export interface RolePatterns {
  rankPattern?: ByRole;
  alphaPattern?: ByRole;
}

/** What holds for a role in particular. */
export function forRole(table: ByRole | undefined, role: string): number | undefined {
  return Object.entries(table ?? {}).findLast(([target]) => matchesRole(target, role))?.[1];
}

/** @throws StudioError('spec') for a role that none of the chosen linears has */
export function checkPatterns(
  { rankPattern, alphaPattern }: RolePatterns,
  sites: readonly LinearSite[],
): void {
  checkPattern(rankPattern, sites, 'method.rankPattern');
  checkPattern(alphaPattern, sites, 'method.alphaPattern');
}

function checkPattern(table: ByRole | undefined, sites: readonly LinearSite[], where: string): void {
  const idle = Object.keys(table ?? {}).find(
    (target) => !sites.some(({ role }) => matchesRole(target, role)),
  );
  if (idle === undefined) return;
  throw new StudioError(
    'spec',
    say`${field(`${where}.${idle}`)}: "${idle}" is the role of none of the linears in ${field('method.targets')}; add it there or leave it out.`,
    { where: `${where}.${idle}` },
  );
}

/** PEFT's `rank_pattern` and `alpha_pattern`, which are keyed by module, where there are any. */
export function peftPatterns(
  { rankPattern, alphaPattern }: RolePatterns,
  sites: readonly LinearSite[],
): Record<string, Record<string, number>> {
  const byModule = (table: ByRole): Record<string, number> =>
    Object.fromEntries(
      sites.flatMap((site) => {
        const value = forRole(table, site.role);
        return value === undefined ? [] : [[site.module, value]];
      }),
    );
  return {
    ...(rankPattern && { rank_pattern: byModule(rankPattern) }),
    ...(alphaPattern && { alpha_pattern: byModule(alphaPattern) }),
  };
}
