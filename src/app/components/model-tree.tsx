import { useState } from 'react';
import type { TreeRun } from '../../protocol/tree.ts';
import { formatCount } from '../format.ts';
import { modelTree, type TreeMark, type TreeNode } from '../state/model-tree.ts';
import { useRunStyle } from '../use-run-style.ts';
import { useStudioState, useText } from '../use-studio.tsx';
import { useMethodName } from './method-name.ts';

/**
 * The model from the inside: modules, shapes and roles, layers that are alike folded, what each ticked method
 * trains of it and what it adds. One method can be looked at alone.
 */
export function ModelTreeView() {
  const text = useText().modelStep;
  const tree = useStudioState((state) => state.tree);
  const [chosen, setChosen] = useState<string | null>(null);
  if (tree === null) return null;
  const only = tree.runs.some(({ run }) => run === chosen) ? chosen : null;
  return (
    <details className="model-tree">
      <summary>{text.inside}</summary>
      <p className="hint">{text.insideHelp}</p>
      <ul className="tree-legend">
        {tree.runs.map((run) => (
          <Legend
            key={run.run}
            run={run}
            pressed={run.run === only}
            onPress={() => setChosen(run.run === only ? null : run.run)}
          />
        ))}
      </ul>
      <ul className="tree">
        {modelTree(tree, only).map((node) => (
          <Node key={node.path} node={node} />
        ))}
      </ul>
    </details>
  );
}

/** A method in a few words: how many of the model's tensors train, how many it adds. */
function Legend({ run, pressed, onPress }: { run: TreeRun; pressed: boolean; onPress: () => void }) {
  const text = useText().modelStep;
  const styleOf = useRunStyle();
  const nameOf = useMethodName();
  const numbers = run.added.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return (
    <li>
      <button type="button" className="chip" aria-pressed={pressed} onClick={onPress}>
        <span className="tree-mark" style={{ '--touch': styleOf(run.run).color } as React.CSSProperties} />
        {nameOf(run)}
      </button>
      <span className="hint">
        {text.trainsTensors(formatCount(run.trained.length))}
        {run.added.length > 0 && ` ${text.addsTensors(formatCount(run.added.length), formatCount(numbers))}`}
      </span>
    </li>
  );
}

function Node({ node }: { node: TreeNode }) {
  const text = useText().modelStep;
  const line = (
    <span className={node.addition ? 'tree-line addition' : 'tree-line'}>
      <span className="tree-label">
        {node.addition && <span aria-label={text.added}>+ </span>}
        {node.label}
      </span>
      <span className="muted">
        {node.shape === null ? '' : `[${node.shape.join(', ')}] `}
        {node.role !== null && <span className="tree-role">{node.role}</span>}
      </span>
      <Marks marks={node.marks} />
      <span className="number muted">
        {node.count > 0 && formatCount(node.count)}
        {node.added > 0 && <span className="tree-added"> +{formatCount(node.added)}</span>}
      </span>
    </span>
  );
  if (node.children.length === 0) return <li className="tree-leaf">{line}</li>;
  return (
    <li>
      <details>
        <summary>{line}</summary>
        <ul>
          {node.children.map((child) => (
            <Node key={child.path} node={child} />
          ))}
        </ul>
      </details>
    </li>
  );
}

/** A dot for each run that trains this; a ring where it trains a part, a square where it adds beside it. */
function Marks({ marks }: { marks: readonly TreeMark[] }) {
  const text = useText().modelStep;
  const styleOf = useRunStyle();
  if (marks.length === 0) return <span />;
  const said = (['whole', 'part', 'beside'] as const)
    .map((touch) => ({ touch, runs: marks.filter((mark) => mark.touch === touch).map(({ run }) => run) }))
    .filter(({ runs }) => runs.length > 0)
    .map(({ touch, runs }) => text.touched[touch](runs.join(', ')))
    .join(' ');
  return (
    <span className="tree-marks" role="img" aria-label={said} title={said}>
      {marks.map(({ run, touch }) => (
        <span
          key={run}
          className={`tree-mark ${touch}`}
          style={{ '--touch': styleOf(run).color } as React.CSSProperties}
        />
      ))}
    </span>
  );
}
