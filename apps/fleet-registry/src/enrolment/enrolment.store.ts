import type { EnrolledNode } from './enrolment.js';

/** Every statement that was ever accepted. None is changed or removed: bundles name them by digest. */
export abstract class EnrolmentStore {
  /** Keeps the node and its `node.enrolled` event together, once per digest: a second time changes nothing. */
  abstract admit(node: EnrolledNode): Promise<void>;

  /** The newest `limit`, newest last. */
  abstract newest(limit: number): Promise<readonly EnrolledNode[]>;
}
