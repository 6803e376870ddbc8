import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TextIndex } from './text-index.ts';

it('knows the first row of each text, as a map does', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '房'), maxLength: 3 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 60 }), fc.array(text), (texts, others) => {
      const index = new TextIndex(texts.length);
      const map = new Map<string, number>();
      texts.forEach((one, row) => {
        if (!map.has(one)) map.set(one, row);
        expect(index.add(one, row)).toBe(map.get(one));
      });
      for (const one of [...texts, ...others]) expect(index.find(one)).toBe(map.get(one) ?? -1);
    }),
  );
});
