/** The assistant as the holder starts it: a program of its own, which speaks to the public API only. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { INITIAL_USER_PIN } from '#token';
import type { Scene } from './holder.js';

const run = promisify(execFile);

export interface AssistantInput {
  /** What is piped into it. */
  text?: string;
  /** By default the PIN with which every token is delivered. */
  pin?: string;
  newPin?: string;
  code?: string;
}

/** What it printed. Codes and PINs go by the environment: arguments stand in the list of processes. */
export async function assistant({ office, tokens }: Scene, args: string[], given: AssistantInput = {}): Promise<string> {
  const { text = '', pin = INITIAL_USER_PIN, newPin, code } = given;
  const program = join(import.meta.dirname, '../../../assistant/src/main.js');
  const secrets = {
    XINYIN_TOKEN_PIN: pin,
    ...(newPin ? { XINYIN_NEW_PIN: newPin } : {}),
    ...(code ? { XINYIN_UNLOCK_CODE: code } : {}),
  };
  const env = { ...process.env, XINYIN_TOKENS: tokens, XINYIN_API_URL: office.api, ...secrets };
  const started = run(process.execPath, [program, ...args], { env });
  started.child.stdin?.end(text);
  return (await started).stdout;
}

/** What it said when it refused. */
export async function assistantRefuses(scene: Scene, args: string[], given: AssistantInput = {}): Promise<string> {
  const said = await assistant(scene, args, given).then(
    () => null,
    (error: unknown) => (error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)),
  );
  if (said === null) throw new Error(`the assistant was to refuse: ${args.join(' ')}`);
  return said.trim();
}
