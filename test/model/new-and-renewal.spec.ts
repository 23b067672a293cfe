import { tellStories } from './suite.js';

describe('the model of 证书新办 and 证书更新', () =>
  tellStories([
    'new-online',
    'new-window',
    'renewal-valid-online',
    'renewal-expired-online',
    'renewal-valid-window',
    'renewal-expired-window',
  ]));
