import type { Place } from '../../../deltas/catalogue.ts';
import { useText } from '../../use-studio.tsx';

interface Props {
  places: readonly Place[];
  /** The colour of the method. */
  color: string;
  /** With words inside, or as a small sign. */
  size: 'sign' | 'large';
}

/** A box of the layer: its place, its words, its rectangle. */
type Box = readonly [place: Place, words: string, x: number, y: number, width: number, height: number];

const BOXES: readonly Box[] = [
  ['head', 'head', 34, 2, 52, 14],
  ['ffn.out', 'ffn.out', 34, 34, 52, 14],
  ['ffn.in', 'ffn.in', 34, 50, 52, 14],
  ['o', 'o', 34, 86, 52, 14],
  ['q', 'q', 34, 102, 16, 14],
  ['k', 'k', 52, 102, 16, 14],
  ['v', 'v', 70, 102, 16, 14],
];
/** Normalisations: a line above each sub-layer. */
const NORMS = [26, 78] as const;
const TOKENS = [34, 48, 62, 76] as const;

/**
 * One transformer layer, the text below and the head above it, with what a method trains filled in. Additions
 * stand beside or above what they are added to; what is trained in place is filled.
 */
export function LayerDiagram({ places, color, size }: Props) {
  const text = useText();
  const has = (place: Place): boolean => places.includes(place);
  const all = has('everything');
  const filled = (place: Place): boolean => all || has(place) || (place === 'head' && size === 'large');
  const words = places.map((place) => text.methods.places[place]).join(', ');
  const linear = (place: Place): boolean => place !== 'head';
  return (
    <svg
      className={`layer-diagram ${size}`}
      viewBox="0 0 120 142"
      role="img"
      aria-label={text.methods.touches(words)}
      style={{ '--touch': color } as React.CSSProperties}
    >
      <rect className="frame" x="26" y="20" width="68" height="102" rx="6" />
      {has('lastLayers') && <rect className="added" x="22" y="16" width="76" height="110" rx="9" />}
      <path className="stream" d="M60 130 V122 M60 20 V16" />
      {BOXES.map(([place, label, x, y, width, height]) => (
        <g key={place}>
          <rect
            className={filled(place) ? 'touched' : has('lastLayers') && linear(place) ? 'touched' : 'box'}
            {...{ x, y, width, height }}
            rx="3"
          />
          {size === 'large' && (
            <text className={filled(place) || has('lastLayers') ? 'on' : ''} x={x + width / 2} y={y + 10}>
              {label}
            </text>
          )}
          {has('biases') && linear(place) && (
            <rect className="touched" x={x} y={y + height - 3} width={width} height="3" rx="1.5" />
          )}
        </g>
      ))}
      {NORMS.map((y) => (
        <rect
          key={y}
          className={all || has('norms') || has('lastLayers') ? 'touched' : 'box'}
          x="34"
          y={y}
          width="52"
          height="4"
          rx="2"
        />
      ))}
      {TOKENS.map((x) => (
        <rect key={x} className={all ? 'touched' : 'box'} x={x} y="130" width="10" height="9" rx="2" />
      ))}
      {has('beforeText') &&
        [6, 20].map((x) => <rect key={x} className="touched" x={x} y="130" width="10" height="9" rx="2" />)}
      {has('keysAndValues') &&
        [98, 108].map((x) => <rect key={x} className="touched" x={x} y="102" width="8" height="14" rx="2" />)}
      {has('afterAttention') && <rect className="touched" x="34" y="69" width="52" height="6" rx="3" />}
      {has('afterFfn') && <rect className="touched" x="34" y="21.5" width="52" height="3.5" rx="1.7" />}
      {has('besideAttention') && <rect className="touched" x="98" y="86" width="12" height="30" rx="3" />}
      {has('besideFfn') && <rect className="touched" x="98" y="34" width="12" height="30" rx="3" />}
      {has('someLinears') &&
        BOXES.filter(([place]) => place === 'k' || place === 'ffn.out').map(
          ([place, , x, y, width, height]) => (
            <rect key={place} className="touched dashed" {...{ x, y, width, height }} rx="3" />
          ),
        )}
    </svg>
  );
}
