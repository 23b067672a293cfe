/** 证书助手 on the command line. PINs and codes come from the environment or are asked for: an argument would stand in the list of processes. */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { describeError, shanghaiClock, XinyinError } from '#domain';
import { Assistant, AuthorityApi, RefusedByAuthority, type InstallStep } from './index.js';

const HELP = `证书助手 Xinyin assistant

  list                                   证书列表 certificates on the inserted tokens
  sign --serial S --text FILE            对服务器挑战签名 sign a challenge (base64 to the screen)
  install --serial S                     安装更新后的证书 install a renewal
  unlock --serial S                      用解锁码解锁并设置新口令 unlock with the code by SMS, set a new PIN

  --tokens DIR   where the tokens are           (XINYIN_TOKENS)
  --api URL      the authority                  (XINYIN_API_URL, http://127.0.0.1:3000)
  the PIN: XINYIN_TOKEN_PIN; the code: XINYIN_UNLOCK_CODE; the new PIN: XINYIN_NEW_PIN; or typed when asked
`;

const STEPS: Record<InstallStep, string> = {
  proving: '验证证书密钥 proving the key',
  issuing: '签发新证书 issuing',
  writing: '写入证书盘 writing the token',
  confirming: '确认安装 confirming',
  done: '完成 done',
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tokens: { type: 'string' }, api: { type: 'string' }, serial: { type: 'string' }, text: { type: 'string' } },
});

try {
  process.exitCode = await run(positionals[0] ?? 'help');
} catch (error) {
  console.error(inWords(error));
  process.exitCode = 1;
}

async function run(command: string): Promise<number> {
  const folder = values.tokens ?? process.env['XINYIN_TOKENS'];
  if (!['list', 'sign', 'install', 'unlock'].includes(command) || folder === undefined) {
    console.log(HELP);
    return command === 'help' ? 0 : 2;
  }
  const assistant = new Assistant(folder, new AuthorityApi(values.api ?? process.env['XINYIN_API_URL'] ?? 'http://127.0.0.1:3000'));
  if (command === 'list') {
    for (const { tokenNumber, serial, organisation, notAfter } of assistant.certificates())
      console.log(`${tokenNumber}  ${serial}  ${organisation}  至 until ${shanghaiClock(notAfter)}`);
    return 0;
  }
  const { serial } = values;
  if (serial === undefined) throw new TypeError('--serial');
  if (command === 'sign') {
    const { readFileSync } = await import('node:fs');
    console.log(assistant.sign(serial, readFileSync(values.text ?? 0, 'utf8'), await pin()));
    return 0;
  }
  if (command === 'unlock') {
    const code = await secret('XINYIN_UNLOCK_CODE', '解锁码 code: ');
    await assistant.unlock(serial, code, await secret('XINYIN_NEW_PIN', '新口令 new PIN: '));
    console.log('已解锁，新口令已生效 Unlocked: the new PIN is set');
    return 0;
  }
  const installed = await assistant.install(serial, await pin(), (step) => console.log(`  ${STEPS[step]}`));
  console.log(`已安装 Installed: ${installed}`);
  return 0;
}

function pin(): Promise<string> {
  return secret('XINYIN_TOKEN_PIN', '口令 PIN: ');
}

async function secret(variable: string, question: string): Promise<string> {
  const given = process.env[variable];
  if (given !== undefined) return given;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

function inWords(error: unknown): string {
  if (error instanceof XinyinError) {
    const { zh, en, remedyZh, remedyEn } = describeError(error.code, error.params);
    return `${zh}${remedyZh}\n${en} ${remedyEn}`;
  }
  if (error instanceof RefusedByAuthority) return error.message;
  return error instanceof Error ? error.message : String(error);
}
