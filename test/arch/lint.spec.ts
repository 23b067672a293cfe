/** Each lint rule that the house added is broken by one file; and sound files pass. */
import { join, resolve } from 'node:path';
import { ESLint } from 'eslint';

const root = resolve(import.meta.dirname, '../..');
const tree = join(root, 'test', 'fixtures', 'rules', 'lint');

const broken: [file: string, rule: string][] = [
  ['workflows/business/clock-read.ts', 'no-restricted-syntax'],
  ['workflows/business/history-figure.ts', 'no-restricted-syntax'],
  ['libs/domain/clock-read.ts', 'no-restricted-syntax'],
  ['libs/domain/clock-text.ts', 'no-restricted-syntax'],
  ['libs/seal/seal-utils.ts', 'xinyin/file-name'],
  ['libs/seal/helpers.ts', 'xinyin/file-name'],
  ['libs/seal/long-file.ts', 'max-lines'],
  ['libs/seal/long-function.ts', 'max-lines-per-function'],
  ['libs/seal/any.ts', '@typescript-eslint/no-explicit-any'],
  ['libs/seal/floating.ts', '@typescript-eslint/no-floating-promises'],
  ['libs/seal/forgotten-case.ts', '@typescript-eslint/switch-exhaustiveness-check'],
];

describe('lint rules', () => {
  const rules = new Map<string, string[]>();

  beforeAll(async () => {
    // The tree is laid out like the project, so the project's own settings apply to it as they stand.
    const parserOptions = { project: join(tree, 'tsconfig.json'), tsconfigRootDir: tree };
    const eslint = new ESLint({
      cwd: tree,
      overrideConfigFile: join(root, 'eslint.config.mjs'),
      overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions } },
    });
    for (const { filePath, messages } of await eslint.lintFiles(['.'])) {
      rules.set(
        filePath.slice(tree.length + 1),
        messages.map(({ ruleId, message }) => ruleId ?? message),
      );
    }
  }, 60_000);

  it.each(broken)('%s breaks %s, alone', (file, rule) => {
    expect(rules.get(file)).toEqual([rule]);
  });

  it.each(['libs/seal/sound.ts', 'libs/domain/sound.ts'])('%s is sound', (file) => {
    expect(rules.get(file)).toEqual([]);
  });
});
