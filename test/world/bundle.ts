/** The workflow bundle, made from sources once a run and shared by all test files: bundling takes seconds. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { resolveSources } from '#temporal';
import { bundleWorkflowCode } from '@temporalio/worker';

const root = resolve(import.meta.dirname, '../..');

/** Path of the bundle. Named after the run, so that an old one is never taken for the present sources. */
export async function workflowBundle(): Promise<string> {
  const run = (process.env['XINYIN_TEST_DATABASE_URL'] ?? '').replace(/\W/g, '').slice(-24);
  const path = join(tmpdir(), `xinyin-bundle-${run}-${process.ppid}`, 'workflows.js');
  if (existsSync(path)) return path;
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, 'workflows', 'index.ts'),
    webpackConfigHook: resolveSources,
    logger: { trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: console.error, log: () => {} },
  });
  mkdirSync(resolve(path, '..'), { recursive: true });
  const part = `${path}.${process.pid}`;
  writeFileSync(part, code);
  renameSync(part, path);
  return path;
}
