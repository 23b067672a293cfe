/** The form of a checkpoint, against values made by coreutils: whoever has printf and sha256sum can check one. */
import { AuditCheckpoint } from '../entities/audit.js';
import { checkpointFacts, checkpointHash, checkpointLine, headsDigest, numberInLine } from './facts.js';

const filled = (hex: string) => Buffer.from(hex.repeat(32), 'hex');
const FACTS = `{"at":"2026-03-02T04:00:00.000Z","chains":2,"digest":"${'dd'.repeat(32)}","entries":4,"number":1,"previous":"${'00'.repeat(32)}"}`;
const HASH = 'bdf956f6aa19227e8eb24e535c17a4c92d35689e06019e3737350e1bd014cec1';
const checkpoint: AuditCheckpoint = {
  number: 1,
  at: new Date('2026-03-02T04:00:00Z'),
  entries: 4,
  chains: 2,
  digest: filled('dd'),
  previousHash: filled('00'),
  hash: Buffer.from(HASH, 'hex'),
  signature: Buffer.from('signature'),
};

describe('a checkpoint', () => {
  // printf '["application/a",3,"aa…"]\n["staff/b",1,"bb…"]\n' | sha256sum
  it('digests one line a head', () => {
    const digest = headsDigest();
    digest.add({ subject: 'application/a', seq: 3, hash: filled('aa') });
    digest.add({ subject: 'staff/b', seq: 1, hash: filled('bb') });
    expect(digest.end().toString('hex')).toBe('57430a992d5bcbb9bd530a8b24ebd28d5b6fe9e887d2ee53677686b741dc860a');
  });

  it('states its facts as canonical JSON', () => {
    expect(checkpointFacts(checkpoint).toString()).toBe(FACTS);
  });

  // printf '{"at":…}' | sha256sum
  it('has the SHA-256 of its facts as its hash', () => {
    expect(checkpointHash(Buffer.from(FACTS)).toString('hex')).toBe(HASH);
  });

  it('is one line of JSON in the copy: the facts as they were hashed, then the proof', () => {
    const line = checkpointLine(checkpoint);
    expect(line).toBe(`${FACTS.slice(0, -1)},"hash":"${HASH}","signature":"c2lnbmF0dXJl"}`);
    expect(JSON.parse(line)).toMatchObject({ number: 1, entries: 4, chains: 2, hash: HASH });
  });

  it.each([
    ['a line of ours', checkpointLine(checkpoint), 1],
    ['a line cut short', checkpointLine(checkpoint).slice(0, -5), null],
    ['JSON that is no checkpoint', '{"number":"1"}', null],
    ['null', 'null', null],
    ['nothing', '', null],
  ])('is told by its number in %s', (_, line, number) => {
    expect(numberInLine(line)).toBe(number);
  });
});
