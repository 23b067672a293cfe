/** Run by sdk-download.ts: starts a server in the SDK's way, which downloads it into the named folder, and stops it again. */
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [kind, downloadDir] = process.argv.slice(2);
const executable = { type: 'cached-download', downloadDir } as const;
const environment =
  kind === 'time-skipping'
    ? await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } })
    : await TestWorkflowEnvironment.createLocal({ server: { executable } });
await environment.teardown();
