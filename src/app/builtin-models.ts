/** The models that come with this build of the page. */

/** Set by the build: the folders of `public/models`. */
declare const BUILTIN_MODELS: readonly string[];

/** Names as in `builtin:NAME`. */
export const builtinModels: readonly string[] = BUILTIN_MODELS;
