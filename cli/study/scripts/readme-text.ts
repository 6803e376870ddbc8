/** What the folder of scripts says of itself. */
import { cellName } from '../../../src/study/stored.ts';
import type { Cell } from '../../../src/study/study.ts';

/** @param without cells that have no script, and why */
export function readmeText(
  cells: readonly Cell[],
  without: readonly { name: string; why: string }[],
): string {
  const rows = cells.map((cell) => `| \`cell-${cell.id}.py\` | ${cellName(cell).replaceAll('|', '/')} |`);
  return `# Cells of a study as Python scripts

\`\`\`
pip install torch transformers peft accelerate
python cell-ID.py                    # one cell; Accelerate takes a GPU where there is one
for cell in cell-*.py; do python "$cell"; done
python check_curves.py STUDY         # the first 20 losses beside those of the study's own folder
\`\`\`

\`DELTA_STEPS=20\` stops after so many steps. Weights, rows, their order and what each cell starts from are the studio's, so without dropout the losses are the same up to rounding.

\`ray_cells.py\` runs the cells as headless commands on a Ray cluster, as \`delta study --engine ray\` does: \`python ray_cells.py ray_job.json\` (\`pip install ray\`; \`RAY_ADDRESS\` names the cluster, whose workers need Delta Studio and the spec's files at the same paths). It writes a line of JSON for each group of cells that has ended, the rows among it.

${cells.length === 0 ? 'No cell has a script.' : `| script | cell |\n| --- | --- |\n${rows.join('\n')}`}
${without.length === 0 ? '' : `\nWithout a script:\n\n${without.map(({ name, why }) => `- ${name}: ${why}`).join('\n')}\n`}`;
}
