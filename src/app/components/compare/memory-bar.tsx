import { MEMORY_CATEGORIES, type MemoryBytes } from '../../../plan/plan.ts';
import { formatBytes } from '../../format.ts';
import { useText } from '../../use-studio.tsx';

/** Memory by category as one bar; `most` is the whole width, in bytes. */
export function MemoryBar({ memory, most }: { memory: MemoryBytes; most: number }) {
  const text = useText();
  return (
    <span className="memory-bar" aria-hidden="true">
      {MEMORY_CATEGORIES.filter((category) => memory[category] > 0).map((category) => (
        <span
          key={category}
          className={`memory-${category}`}
          style={{ inlineSize: `${(100 * memory[category]) / most}%` }}
          title={`${text.memoryNames[category]}: ${formatBytes(memory[category])}`}
        />
      ))}
    </span>
  );
}

/** What the colours of the bars stand for. */
export function MemoryLegend() {
  const text = useText();
  return (
    <ul className="legend">
      {MEMORY_CATEGORIES.map((category) => (
        <li key={category}>
          <span className={`swatch memory-${category}`} aria-hidden="true" />
          {text.memoryNames[category]}
        </li>
      ))}
    </ul>
  );
}
