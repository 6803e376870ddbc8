/** What a backward rule is: given a node and the gradients of its outputs, the gradients of its inputs. */
import type { OpName, ProgramNode } from '../graph/program.ts';
import type { GradientBuilder } from './builder.ts';

export interface RuleContext<Op extends OpName> {
  node: ProgramNode<Op>;
  /** Gradient of the first output; '' where only another one carries any. */
  dy: string;
  /** Gradient of a further output, where it has one (of mean, rstd and lse there never is one). */
  dyOf(output: number): string | undefined;
  builder: GradientBuilder;
  /** Whether input `i` lies on a path to a trained tensor. */
  needs(i: number): boolean;
  /** Give input `i` a gradient contribution of that input's shape. */
  give(i: number, gradient: string): void;
  /** The same of any value that comes before the node: for rules that see through the one that makes an input. */
  needsValue(id: string): boolean;
  giveValue(id: string, gradient: string): void;
}

export type Rule<Op extends OpName> = (context: RuleContext<Op>) => void;

/** `null` marks ops that only occur in the backward part and are never differentiated. */
export type RuleTable = { [Op in OpName]: Rule<Op> | null };
