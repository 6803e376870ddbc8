import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { DataSource } from '../../protocol/messages.ts';
import { BUILTIN_TASKS } from './demos.ts';
import { firstName, firstOf, taskName, withChangedTask, withoutTask, withTask } from './more-tasks.ts';

it('names of tasks are such as files may have, and no two are alike', () => {
  expect(taskName('tasks/shop-reviews', [])).toBe('shop-reviews');
  expect(taskName('My rows (new).tsv', [])).toBe('My-rows-new-');
  expect(taskName('影评.csv', [])).toBe('影评');
  expect(taskName('...', ['task'])).toBe('task-2');
  const first: DataSource = { kind: 'builtin', name: 'demo' };
  const twice = withTask(withTask(first, 'demo', first), 'demo', first);
  expect(twice.more?.map(({ name }) => name)).toEqual(['demo-2', 'demo-3']);
  expect(firstName({ name: 'demo', more: twice.more })).toBe('demo');
});

it('a task is changed and removed by its name', () => {
  const first: DataSource = { kind: 'builtin', name: 'demo' };
  const one = withTask(first, 'demo', { kind: 'builtin', name: 'tasks/roles' });
  const changed = withChangedTask(one, 'roles', { columns: { text: ['text2'], label: 'label' } });
  expect(changed.more?.[0]).toMatchObject({ name: 'roles', columns: { text: ['text2'] } });
  expect(withoutTask(changed, 'roles')).toEqual(first);
  expect(firstOf(changed)).toEqual(first);
});

it('the built-in tasks are those that come with the page', () => {
  expect(readdirSync(new URL('../../../public/data/tasks', import.meta.url)).sort()).toEqual([
    ...BUILTIN_TASKS,
  ]);
});
