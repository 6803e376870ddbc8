import { describe, expect, it } from 'vitest';
import { contentPolicy, mirrorOrigin, policyPlugin, withMirror } from './policy.ts';

const page = '<head><meta charset="utf-8" /><script src="a.js"></script></head>';
const built = (): string => {
  const { transformIndexHtml } = policyPlugin() as unknown as {
    transformIndexHtml: { handler: (html: string) => string };
  };
  return transformIndexHtml.handler(page);
};

describe('the content security policy', () => {
  it('stands in the page before what it allows, and lets it connect to itself and the default hub', () => {
    expect(built().indexOf('Content-Security-Policy')).toBeLessThan(built().indexOf('<script'));
    expect(contentPolicy()).toContain(
      "connect-src 'self' https://huggingface.co https://*.huggingface.co https://*.hf.co;",
    );
    expect(contentPolicy()).not.toMatch(/'unsafe-(inline|eval)'|\*[^.]/);
  });

  it('takes a mirror in, and names it to the page', () => {
    const html = withMirror(built(), 'https://hf-mirror.com');
    expect(html).toContain('https://*.hf.co https://hf-mirror.com;');
    expect(html).toContain('<meta name="delta-studio-hub" content="https://hf-mirror.com" />');
    expect(html.match(/Content-Security-Policy/g)).toHaveLength(1);
  });
});

describe('the address of a mirror', () => {
  it('is its origin', () => {
    expect(mirrorOrigin('https://hf-mirror.com/path"x')).toBe('https://hf-mirror.com');
    expect(mirrorOrigin('http://localhost:8080')).toBe('http://localhost:8080');
  });

  it.each(['mirror', 'ftp://mirror', 'javascript:alert(1)', ''])('is not %j', (address) => {
    expect(() => mirrorOrigin(address)).toThrow(/^--hub is .*; give the address of a hub or a mirror/);
  });
});
