import { toHex, utf8 } from '../encoding/octets.js';
import { canonicalJson } from './canonical-json.js';

/** The artifacts of a deployment statement that run on a node, by their names there. */
export const NODE_ARTIFACTS = ['apps/hsm-node', 'libs'] as const;
export type NodeArtifact = (typeof NODE_ARTIFACTS)[number];

/** What a running node says of itself to whoever asks. */
export type Possession = {
  readonly fleetId: string;
  /** Of the fleet, as the node serves it now. */
  readonly epoch: number;
  readonly node: number;
  /** Version of its software, as in its enrolment statement. */
  readonly software: string;
  /** Lower-case hexadecimal SHA-256 of what is installed at the node, reckoned by the node itself when it started. */
  readonly artifacts: Readonly<Record<NodeArtifact, string>>;
};

/**
 * What a node signs with its identity key for a stranger's nonce (TRANSPARENCY 6): a label line and RFC 8785 JSON. No other
 * statement begins with this label, so the signature serves for nothing else.
 * @param nonce 32 bytes of the asker's own choice
 */
export function possessionMessage({ fleetId, epoch, node, software, artifacts }: Possession, nonce: Uint8Array): Uint8Array {
  const said = { artifacts, epoch, fleetId, node, nonce: toHex(nonce), software };
  return utf8(`strongroom/v1/possession\n${canonicalJson(said)}`);
}
