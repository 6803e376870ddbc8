/**
 * Starts a worker under the page's content security policy. One that is loaded from the network has the policy of
 * its own answer's headers, and a static server sends none; one that starts from a blob has that of its maker.
 * @param address of its module
 */
export function startUnderPolicy(address: string): Worker {
  const blob = new Blob([`import ${JSON.stringify(address)};`], { type: 'text/javascript' });
  return new Worker(URL.createObjectURL(blob), { type: 'module' });
}
