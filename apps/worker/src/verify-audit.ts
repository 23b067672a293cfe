/**
 * Verifies the audit of this installation and ends: a line of JSON for how far it is, for each finding, and for the summary. Needs the
 * database, the authority's certificates and the copy of the checkpoints; no key, no Temporal. Its caller finds the words.
 */
import { loadSettings } from '#config';
import { checkpointCopy, createDataSource, verifyAudit } from '#persistence';
import { checkpointKey, verifyCheckpoint } from '#pki';

const { databaseUrl, folders } = loadSettings();
const say = (line: object) => console.log(JSON.stringify(line));

const data = createDataSource({ url: databaseUrl, applicationName: 'xinyin-verify-audit', poolSize: 1 });
try {
  await data.initialize();
  // From the folder, not from the database: who could rewrite the one could put another certificate into the other.
  const key = await checkpointKey(folders.pki);
  const summary = await verifyAudit(data, {
    copy: checkpointCopy(folders.audit),
    signatureHolds: (facts, signature) => verifyCheckpoint(key, facts, signature),
    report: (finding) => say({ finding }),
    progress: (checked, of) => say({ progress: { checked, of } }),
  });
  say({ summary });
} catch (error) {
  // Not verified is not the same as broken: then there is no summary.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  if (data.isInitialized) await data.destroy();
}
