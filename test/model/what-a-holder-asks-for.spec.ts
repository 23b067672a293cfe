import { tellStories } from './suite.js';

describe('the model of 变更, 补办, 吊销, 账号绑定 and 解锁', () =>
  tellStories(['change-window', 'reissue-window', 'revocation-window', 'revocation-telephone', 'account-binding', 'unlock']));
