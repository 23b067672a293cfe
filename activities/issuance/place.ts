/** Where something issued belongs: the n-th token of an application. */
export interface Place {
  applicationId: string;
  /** 1 … number of certificates ordered. */
  index: number;
}

export const place = ({ applicationId, index }: Place) => `${applicationId}/${index}`;
