import { nodeVerifier } from '@strongroom/platform';
import { ShareEvaluator } from '../evaluation/share-evaluator.js';
import { loadSodiumGroup } from '../evaluation/sodium-group.js';
import type { RosterSource } from '../roster/roster-source.js';
import { DealtShares } from '../shares/dealt-share.js';
import { RecordStageService } from '../shares/record-stage.service.js';
import { TokenEntryAuthority } from '../tokens/token-entry-authority.js';
import type { NodeParts } from './node-parts.js';

type Given = Pick<
  NodeParts,
  'bus' | 'clock' | 'random' | 'log' | 'tokens' | 'vault' | 'store' | 'keystore' | 'rules' | 'history' | 'software'
>;

/** Builds, over what a process has, the parts that a node needs in any fleet. */
export async function assembleParts({ rosters, ...given }: Given & { readonly rosters: RosterSource }): Promise<NodeParts> {
  const { clock, keystore, random, tokens, vault } = given;
  const group = await loadSodiumGroup();
  const dealt = new DealtShares(keystore, group);
  const authority = new TokenEntryAuthority(tokens, nodeVerifier);
  const staging = new RecordStageService(rosters, authority, dealt, group, vault, clock);
  const evaluator = new ShareEvaluator(vault, group, random);
  return { ...given, group, dealt, authority, staging, evaluator, verifier: nodeVerifier };
}
