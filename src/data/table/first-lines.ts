/** Up to `count` lines that are not blank. */
export function firstLines(text: string, count: number): string[] {
  const lines: string[] = [];
  for (let from = 0; from < text.length && lines.length < count;) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end);
    if (line.trim() !== '') lines.push(line);
    if (end < 0) break;
    from = end + 1;
  }
  return lines;
}
