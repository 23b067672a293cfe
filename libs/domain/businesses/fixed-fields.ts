/** What nobody edits in an application, and from when on. */
import type { FormField } from '../application-form.js';
import type { Channel } from './definition.js';
import { businesses, type BusinessSlug } from './businesses.js';

const IN_THE_CERTIFICATE: readonly FormField[] = [
  'organisation/certificateName',
  'organisation/uscc',
  'organisation/province',
  'organisation/city',
];

/** What stands in the certificate stays as it is, unless the business is to change just that. One case is about one certificate. */
export function fixedFields(business: BusinessSlug): readonly FormField[] {
  if (businesses[business].about !== 'certificate') return [];
  return [...(business === 'change' ? [] : IN_THE_CERTIFICATE), 'certificates/count'];
}

/** Where the fee is ordered before the review, what it was ordered for stays too: a correction buys nothing. */
export function fixedOnceFiled(business: BusinessSlug, channel: Channel): readonly FormField[] {
  const orderedBefore = businesses[business].about === 'certificate' || channel === 'window';
  return [...fixedFields(business), ...(orderedBefore ? (['certificates/count', 'certificates/years'] as const) : [])];
}
