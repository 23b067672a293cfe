/** At the desk with the tokens: the signing pair is made on the token and never leaves it; later the token takes what was issued for it. */
import { businesses, tokenNumber, XinyinError } from '#domain';
import { Application, Certificate, Seal, Token } from '#persistence';
import { Not } from 'typeorm';
import { lockCase, moveCase } from '../casework/index.js';
import type { StationDeps } from '../deps.js';
import { subjectOf } from '../predecessor/index.js';
import { place, type Place } from './place.js';

/** G: every token leaves with this PIN; the holder changes it in the assistant. */
const INITIAL_PIN = '12345678';

/** The container of a new token. What comes to the same token later gets one of its own, so that old ciphertext stays readable. */
const FIRST_CONTAINER = 'xinyin';

export const stationActivities = ({ data, now, drawer }: StationDeps) => {
  /** Which token, and which container on it, this place is for. */
  const placeOn = async (application: Application, index: number): Promise<{ serialNumber: string; container: string }> => {
    const { number, business } = application;
    if (businesses[business].issues?.token !== 'same') return { serialNumber: tokenNumber(number, index), container: FIRST_CONTAINER };
    const before = await subjectOf(data.manager, application);
    const held = await data.manager.findOneByOrFail(Token, { applicationId: before.applicationId, index: before.index });
    return { serialNumber: held.serialNumber, container: number };
  };

  return {
    async makeSigningKey({ applicationId, index }: Place): Promise<void> {
      const application = await data.manager.findOneByOrFail(Application, { id: applicationId });
      const known = await data.manager.findOneBy(Token, { applicationId, index });
      if (known?.certificationRequest) return;
      const { serialNumber, container } = await placeOn(application, index);
      const brought = businesses[application.business].issues?.token === 'same';
      const token = brought ? drawer.reset(serialNumber) : drawer.blank(serialNumber, application.certificateName);
      token.login(INITIAL_PIN);
      token.generateSigningKey(container);
      const certificationRequest = token.certificationRequest(container, {
        organisation: application.certificateName,
        commonName: application.certificateName,
      });
      const row = { serialNumber, container, applicationId, index, state: 'keyed' as const, certificationRequest };
      // Never over a row that is there: an attempt given up for dead may wake when its successor has written the token long ago.
      await data.createQueryBuilder().insert().into(Token).values(row).orIgnore().execute();
    },

    async writeToken({ applicationId, index }: Place): Promise<void> {
      const row = await data.manager.findOneByOrFail(Token, { applicationId, index });
      if (row.state === 'written') return;
      const certificates = await data.manager.findBy(Certificate, { applicationId, index, state: Not('prepared') });
      const seal = await data.manager.findOneByOrFail(Seal, { applicationId, index });
      const signing = certificates.find((each) => each.kind === 'signing')?.der;
      const encryption = certificates.find((each) => each.kind === 'encryption')?.der;
      if (!signing || !encryption || !row.envelopedKey) throw new XinyinError('TOKEN_CONTENT');
      const token = drawer.insert(row.serialNumber);
      token.login(INITIAL_PIN);
      token.personalise(row.container, { signing, envelope: row.envelopedKey, encryption, seal: seal.der });
      await data.transaction(async (tx) => {
        const application = await lockCase(tx, applicationId);
        const event = { action: 'token.written', details: { index }, onceKey: `token/${place({ applicationId, index })}` } as const;
        const fresh = await moveCase(tx, application, {}, event, now());
        if (fresh) await tx.update(Token, { applicationId, index }, { state: 'written', writtenAt: now() });
      });
    },
  };
};
