/** Verifies the whole audit: every chain, every checkpoint with its signature, and the copy outside the database. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { verifyAuditCommand } from '../applications.js';
import { LaunchError } from '../failure.js';
import { describeInstallation, openHome } from '../installation.js';
import type { CommandContext, Tell } from '../steps.js';
import { findingInWords, readAuditLine, summaryInWords, type AuditSummary } from './audit-words.js';

export async function verifyAudit({ root, args, steps }: CommandContext): Promise<void> {
  const { json } = readArguments(args);
  const say = (line: string, words: () => string) => steps.say(json ? line : words());
  const { findings } = await steps.step('audit', (tell) => runVerification(root, say, tell));
  if (findings > 0) process.exitCode = 1;
}

function readArguments(args: string[]): { json: boolean } {
  try {
    return { json: parseArgs({ args, options: { json: { type: 'boolean' } } }).values.json ?? false };
  } catch {
    throw new LaunchError('npm run ops -- audit [--json]');
  }
}

type Say = (line: string, words: () => string) => void;

async function runVerification(root: string, say: Say, tell: Tell): Promise<AuditSummary> {
  const installation = describeInstallation(root);
  // Made by the first start; looking at an audit must not make an installation.
  if (!existsSync(join(installation.home, 'secrets.json'))) throw new LaunchError(`There is no installation in ${installation.home}.`);
  const { command, args, env } = verifyAuditCommand(installation, openHome(installation));
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let summary: AuditSummary | undefined;
  const complaints: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => complaints.push(line));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const told = readAuditLine(line);
    if ('progress' in told) return tell(`${told.progress.checked} of ${told.progress.of} entries`);
    if ('finding' in told) return say(line, () => findingInWords(told.finding));
    summary = told.summary;
    say(line, () => summaryInWords(told.summary));
  });
  await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (summary) return summary;
  const needs = 'It needs the database of the running system and the certificates of the authority (npm start).';
  throw new LaunchError(`The audit was not verified. ${needs}\n  ${complaints.join('\n  ')}`);
}
