import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import layers from './scripts/lint/layers.js';

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'coverage/',
      'playwright-report/',
      '.cache/',
      'bench/results/',
      'public/',
      'kernels/dist/',
      'tools/tokenizers-wasm/target/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    ignores: ['kernels/**'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Index access is typed without undefined here, so these two see certainty where there is none.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Tables of functions and interfaces of plain objects use no `this`.
      '@typescript-eslint/unbound-method': 'off',
      // An op without attributes or inputs has an empty record of them.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      // A promise-returning interface may be implemented by code that has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['src/app/**/*.ts', 'src/app/**/*.tsx'],
    extends: [reactHooks.configs.flat.recommended],
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', WebAssembly: 'readonly' } },
  },
  {
    plugins: { delta: { rules: { layers } } },
    rules: {
      'delta/layers': 'error',
      'max-lines': ['error', { max: 500 }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    // AssemblyScript: its own compiler checks its types, which are not TypeScript's.
    files: ['kernels/**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    rules: {
      'no-undef': 'off',
      'no-unused-vars': ['error', { args: 'none' }],
      'no-loss-of-precision': 'off',
      eqeqeq: 'off',
    },
  },
  { files: ['scripts/**', 'cli/**', 'bench/**', 'tools/**'], rules: { 'no-console': 'off' } },
);
