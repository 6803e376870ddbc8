/**
 * Isolates the page from other windows where its server does not: browsers let threads share memory only then. A
 * service worker (`public/isolation.js`) puts the headers on, and the page is loaded once more, at once.
 */

/** What is used of the browser. */
export interface IsolationBrowser {
  crossOriginIsolated: boolean;
  isSecureContext: boolean;
  serviceWorker: Pick<ServiceWorkerContainer, 'register' | 'ready'> | undefined;
  /** Of this tab: remembers that it was tried. */
  session: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  reload: () => void;
}

const TRIED = 'delta-studio.isolation';
/** How long the page waits for the service worker, in milliseconds. */
const PATIENCE = 4000;

/**
 * @param script address of the service worker
 * @returns whether the page is about to be loaded again, so that nothing else should begin
 */
export async function isolate(browser: IsolationBrowser, script: string): Promise<boolean> {
  const { crossOriginIsolated, isSecureContext, serviceWorker, session, reload } = browser;
  try {
    if (crossOriginIsolated) {
      session.removeItem(TRIED);
      return false;
    }
    // Without a service worker, or where one did not help, the page works as it is, with one thread.
    if (!isSecureContext || serviceWorker === undefined || session.getItem(TRIED) !== null) return false;
    session.setItem(TRIED, 'yes');
    const ready = serviceWorker.register(script).then(() => serviceWorker.ready);
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE));
    if ((await Promise.race([ready, late])) === null) return false;
    reload();
    return true;
  } catch {
    // Service workers or storage may be forbidden: then without.
    return false;
  }
}
