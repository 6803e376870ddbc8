import { afterEach, describe, expect, it, vi } from 'vitest';
import { isolate, type IsolationBrowser } from './isolate.ts';

/** A browser that is not isolated and has service workers. */
function browserWith(changed: Partial<IsolationBrowser> = {}) {
  const kept = new Map<string, string>();
  const browser = {
    crossOriginIsolated: false,
    isSecureContext: true,
    serviceWorker: { register: vi.fn(async () => ({})), ready: Promise.resolve({}) },
    session: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    },
    reload: vi.fn(),
    ...changed,
  };
  return browser as typeof browser & IsolationBrowser;
}

afterEach(() => void vi.useRealTimers());

describe('isolation of the page', () => {
  it('comes from a service worker, with one more load and no second', async () => {
    const browser = browserWith();
    expect(await isolate(browser, 'isolation.js')).toBe(true);
    expect(browser.serviceWorker.register).toHaveBeenCalledWith('isolation.js');
    expect(browser.reload).toHaveBeenCalledTimes(1);
    // It did not help: the page goes on as it is.
    expect(await isolate(browser, 'isolation.js')).toBe(false);
    expect(browser.reload).toHaveBeenCalledTimes(1);
  });

  it('is tried again in a tab where it has worked', async () => {
    const browser = browserWith();
    await isolate(browser, 'isolation.js');
    expect(await isolate({ ...browser, crossOriginIsolated: true }, 'isolation.js')).toBe(false);
    expect(await isolate(browser, 'isolation.js')).toBe(true);
  });

  it.each<[string, Partial<IsolationBrowser>]>([
    ['the server sends the headers', { crossOriginIsolated: true }],
    ['the page came over http', { isSecureContext: false }],
    ['there are no service workers', { serviceWorker: undefined }],
    [
      'it is forbidden',
      { serviceWorker: { register: () => Promise.reject(new Error('no')), ready: new Promise(() => {}) } },
    ],
    [
      'storage is forbidden',
      {
        session: {
          getItem: () => {
            throw new Error('denied');
          },
          setItem: () => {},
          removeItem: () => {},
        },
      },
    ],
  ])('loads nothing again where %s', async (_name, changed) => {
    const browser = browserWith(changed);
    expect(await isolate(browser, 'isolation.js')).toBe(false);
    expect(browser.reload).not.toHaveBeenCalled();
  });

  it('does not wait for ever', async () => {
    vi.useFakeTimers();
    const browser = browserWith({
      serviceWorker: { register: async () => ({}) as never, ready: new Promise(() => {}) },
    });
    const done = isolate(browser, 'isolation.js');
    await vi.advanceTimersByTimeAsync(4000);
    expect(await done).toBe(false);
    expect(browser.reload).not.toHaveBeenCalled();
  });
});
