/** Further tasks of the data step: their names, and how the list of them changes. */
import type { DataSource, TableSource, TaskSource } from '../../protocol/messages.ts';

/** Names stand in files and events: what cannot is a hyphen. */
function plainName(file: string): string {
  const plain = file
    .replace(/^.*\//, '')
    .replace(/\.[^.]*$/, '')
    .replace(/[^\p{L}\p{N}._+-]+/gu, '-')
    .replace(/^[.-]+/, '');
  return plain === '' ? 'task' : plain;
}

/** A name for data that no other task has. */
export function taskName(named: string, taken: readonly string[]): string {
  const plain = plainName(named);
  let name = plain;
  for (let count = 2; taken.includes(name); count++) name = `${plain}-${count}`;
  return name;
}

/** The data with one more task, its columns yet to be told. @param first name of the first data set */
export function withTask(data: DataSource, first: string, source: TableSource): DataSource {
  const { more = [] } = data;
  const named =
    source.kind === 'files' ? source.train.name : source.kind === 'hub' ? source.reference : source.name;
  const name = taskName(named, [plainName(first), ...more.map((task) => task.name)]);
  return { ...data, more: [...more, { name, source, columns: null }] };
}

/** The data with the task of a name read otherwise; as they were where there is none. */
export function withChangedTask(data: DataSource, name: string, changed: Partial<TaskSource>): DataSource {
  const more = data.more?.map((task) => (task.name === name ? { ...task, ...changed } : task));
  return { ...data, ...(more && { more }) };
}

/** The data without the task of a name. */
export function withoutTask({ more = [], ...data }: DataSource, name: string): DataSource {
  const rest = more.filter((task) => task.name !== name);
  return rest.length === 0 ? data : { ...data, more: rest };
}

/** The first task's name in the spec: never that of a further one. */
export function firstName(data: { name: string; more?: readonly { name: string }[] }): string {
  return taskName(
    data.name,
    (data.more ?? []).map(({ name }) => name),
  );
}

/** The first data set alone. */
export function firstOf({ more: _, ...source }: DataSource): TableSource {
  return source;
}

/** The further ones. */
export function moreOf({ more }: DataSource): Pick<DataSource, 'more'> {
  return more === undefined ? {} : { more };
}
