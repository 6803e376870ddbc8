/** What is used of jStat (https://github.com/jstat/jstat), which brings no types: a CommonJS module. */
declare module 'jstat' {
  const jStat: {
    normal: {
      cdf(x: number, mean: number, deviation: number): number;
      inv(p: number, mean: number, deviation: number): number;
    };
    studentt: { inv(p: number, degrees: number): number };
    centralF: { cdf(x: number, degrees1: number, degrees2: number): number };
    /** The studentized range. */
    tukey: { inv(p: number, means: number, degrees: number): number };
    /** Natural logarithm of n choose k. */
    combinationln(n: number, k: number): number;
  };
  export default jStat;
}
