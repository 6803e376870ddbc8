/** One look a method everywhere; dashes tell lines apart where colour does not. */

export interface MethodStyle {
  color: string;
  /** SVG dash pattern; undefined for a solid line. */
  dash: string | undefined;
}

const STYLES: Record<string, MethodStyle> = {
  full: { color: 'var(--method-1)', dash: undefined },
  lora: { color: 'var(--method-2)', dash: '7 2' },
  prompt: { color: 'var(--method-3)', dash: '4 2' },
  head: { color: 'var(--method-4)', dash: '2 2' },
};

export function methodStyle(method: string): MethodStyle {
  return STYLES[method] ?? { color: 'var(--muted)', dash: undefined };
}
