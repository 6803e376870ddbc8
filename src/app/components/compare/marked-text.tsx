import { Fragment } from 'react';
import { diffTexts } from '../../state/text-diff.ts';

/** A written text against its reference: what is missing of it struck out, what was added underlined. */
export function MarkedText({ reference, written }: { reference: string; written: string }) {
  const parts = diffTexts(reference, written);
  return (
    <span className="marked">
      {parts.map(({ kind, text }, i) => (
        <Fragment key={i}>
          {kind === 'same' ? text : kind === 'missing' ? <del>{text}</del> : <ins>{text}</ins>}
          {kind === 'missing' && !/\s$/.test(text) && ' '}
        </Fragment>
      ))}
    </span>
  );
}
