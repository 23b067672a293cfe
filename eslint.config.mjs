/** What a compiler does not see: promises nobody waits for, time where it must be injected, files and functions that grew too long. */
import { basename } from 'node:path';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Names that say nothing about what is in a file. */
const VAGUE_NAME = /^(utils?|helpers?|managers?|commons?|misc)$|[-.](utils?|helpers?|managers?|misc)$/i;

const fileName = {
  meta: { type: 'problem', schema: [], messages: { vague: '"{{name}}" says nothing about what is in it: name the file by what it does.' } },
  create: (context) => ({
    Program(node) {
      const name = basename(context.filename).replace(/(\.spec|\.d)?\.[cm]?[jt]s$/, '');
      if (VAGUE_NAME.test(name)) context.report({ node, messageId: 'vague', data: { name } });
    },
  }),
};

const NO_CLOCK = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Time is injected: take it as a parameter.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time is injected: take it as a parameter.' },
  { selector: "CallExpression[callee.name='Date']", message: 'Time is injected: take it as a parameter.' },
];

/** The engine's own figures follow how work fell into workflow tasks; a run that went by them was seen to replay another way. */
const NO_HISTORY_FIGURES = [
  {
    selector: 'MemberExpression[property.name=/^(historyLength|historySize|continueAsNewSuggested)$/]',
    message: 'Not sure to be the same on replay: count the work of a run instead.',
  },
];

export default defineConfig(
  // Fixtures break the rules on purpose, and test/arch proves that they do.
  { ignores: ['dist/', 'node_modules/', '.data/', 'coverage/', 'test/fixtures/', '**/api-client/generated/'] },
  {
    plugins: { xinyin: { rules: { 'file-name': fileName } } },
    rules: {
      'xinyin/file-name': 'error',
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true, IIFEs: false }],
      eqeqeq: 'error',
      'no-console': 'off',
      'prefer-const': 'error',
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-require-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  // Deterministic, or a replay would take another way; pure, or a rule could not be tested by its table.
  // `workflows/**/clock.ts` is where a workflow asks Temporal, whose sandbox replaces Date by the recorded time.
  {
    files: ['workflows/**/*.ts', 'libs/domain/**/*.ts'],
    ignores: ['**/*.spec.ts', 'workflows/**/clock.ts'],
    rules: { 'no-restricted-syntax': ['error', ...NO_CLOCK, ...NO_HISTORY_FIGURES] },
  },
  { files: ['**/*.spec.ts', 'test/**'], rules: { 'max-lines-per-function': 'off' } },
  {
    // Jest's matchers are `any` by their own types.
    files: ['**/*.spec.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // Rows of a raw query are `any`; saying what they are is no detour.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
    },
  },
  // A factory is a list of activities or endpoints, each of which is one screen; the list itself is no logic.
  {
    files: ['activities/*/*.ts', 'apps/sandbox/src/systems/*.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }] },
  },
  // A table of rules reads better whole.
  { files: ['eslint.config.mjs', '.dependency-cruiser.cjs'], rules: { 'max-lines-per-function': 'off' } },
);
