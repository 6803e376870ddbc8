/** Which columns hold what. `text` has one or two names. */
export interface Columns {
  text: string[];
  label: string;
}
