import { expect, it } from 'vitest';
import { DrawQueue } from './draw-queue.ts';

it('draws one chart a frame, each as it was asked last, and none that is gone', () => {
  const frames: (() => void)[] = [];
  const frame = () => frames.shift()!();
  const queue = new DrawQueue((work) => frames.push(work));
  const drawn: string[] = [];
  const [a, b, c] = [{}, {}, {}];
  queue.ask(a, () => drawn.push('a early'));
  queue.ask(b, () => drawn.push('b'));
  queue.ask(c, () => drawn.push('c'));
  queue.ask(a, () => drawn.push('a'));
  queue.drop(c);
  frame();
  expect(drawn).toEqual(['a']);
  queue.ask(a, () => drawn.push('a again'));
  frame();
  frame();
  expect(drawn).toEqual(['a', 'b', 'a again']);
  expect(frames).toHaveLength(0);
});
