import { formatCount } from '../format.ts';
import { modelTree, type TreeNode } from '../state/model-tree.ts';
import { useRunStyle } from '../use-run-style.ts';
import { useStudioState, useText } from '../use-studio.tsx';

/** The model from the inside: modules, shapes and roles, layers that are alike folded, and what trains. */
export function ModelTreeView() {
  const text = useText().modelStep;
  const tree = useStudioState((state) => state.tree);
  if (tree === null) return null;
  return (
    <details className="model-tree">
      <summary>{text.inside}</summary>
      <p className="hint">{text.insideHelp}</p>
      <ul>
        {modelTree(tree).map((node) => (
          <Node key={node.path} node={node} />
        ))}
      </ul>
    </details>
  );
}

function Node({ node }: { node: TreeNode }) {
  const line = (
    <span className="tree-line">
      <span className="tree-label">{node.label}</span>
      <span className="muted">
        {node.shape === null ? '' : `[${node.shape.join(', ')}] `}
        {node.role !== null && <span className="tree-role">{node.role}</span>}
      </span>
      <Marks node={node} />
      <span className="number muted">{formatCount(node.count)}</span>
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

/** A dot for each run that trains this, hollow where it trains a part of it. */
function Marks({ node }: { node: TreeNode }) {
  const text = useText().modelStep;
  const styleOf = useRunStyle();
  if (node.trained.length === 0) return <span />;
  const said = text.trainedBy(node.trained.map(({ run }) => run).join(', '));
  return (
    <span className="tree-marks" role="img" aria-label={said} title={said}>
      {node.trained.map(({ run, whole }) => (
        <span
          key={run}
          className={whole ? 'tree-mark' : 'tree-mark part'}
          style={{ '--touch': styleOf(run).color } as React.CSSProperties}
        />
      ))}
    </span>
  );
}
