/** Work between steps that may take long, announced before it begins to whoever watches. */
export type During = <Value>(what: 'plan' | 'store', work: () => Promise<Value>) => Promise<Value>;

/** Where nobody watches. */
export const unannounced: During = (_what, work) => work();
