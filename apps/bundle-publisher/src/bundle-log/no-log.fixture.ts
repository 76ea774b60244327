import { BundleLog } from './bundle-log.js';

export class NoLog extends BundleLog {
  override proof(): Promise<string> {
    return Promise.reject(new Error('there is no log'));
  }
}
