/** All that stands in a folder, to see that nothing of it has changed. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Contents of every file, as hexadecimal of what is no text too, by path; a slash ends those of empty folders. */
export function folderText(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names.map((name) => {
      const place = path.join(folder, name);
      return statSync(place).isDirectory()
        ? [`${name}/`, '']
        : [name, readFileSync(place).toString('latin1')];
    }),
  );
}
