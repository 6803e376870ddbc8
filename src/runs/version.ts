/** The studio's version, as in package.json (a test keeps them equal); stands in every run record. */
export const VERSION = '0.1.0';
