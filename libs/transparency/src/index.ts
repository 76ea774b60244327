export { emptyRoot, leafHash, nodeHash } from './tree/tree-hash.js';
export { rootBeforeLast } from './tree/root-before-last.js';
export { treeRoot } from './tree/tree-root.js';
export { inclusionPath, inclusionPaths, rootFromInclusionPath, verifyInclusion } from './tree/inclusion-path.js';
export { consistencyProof, verifyConsistency, type ConsistencyClaim } from './tree/consistency.js';
export { consistencySubtrees, inclusionSubtrees, type LeafRange } from './tree/subtrees.js';
export { FormatError } from './errors/format-error.js';
export { fromBase64, fromBase64Lenient, toBase64 } from './encoding/base64.js';
export { refuseEd25519Key, verifyEd25519, type Ed25519Signer } from './keys/ed25519.js';
export { refuseX25519Key } from './keys/x25519.js';
export {
  formatVkey,
  isKeyName,
  keyIdOf,
  makeCosignerVkey,
  makeVkey,
  parseCosignerVkey,
  parseVkey,
  type CosignerVkey,
  type SignatureType,
  type Vkey,
} from './vkey/vkey.js';
export {
  formatNote,
  MAX_SIGNATURES,
  parseNote,
  parseSignatureLine,
  formatSignatureLine,
  type Note,
  type NoteSignature,
} from './note/note.js';
export { assembleNote, openNote, signNoteText, verifyNote } from './note/sign-note.js';
export { formatCheckpoint, parseCheckpoint, type Checkpoint } from './checkpoint/checkpoint.js';
export { openCheckpoint, readCheckpoint, signCheckpoint, type OpenedCheckpoint } from './checkpoint/sign-checkpoint.js';
export { cosignedMessage, signCosignature, verifyCosignatures, type Cosignature } from './cosignature/cosignature.js';
export { formatTilePath, parseTilePath, TILE_WIDTH, type TilePath } from './tiles/tile-path.js';
export { addedEntryBundles, addedTiles, hashesAtLevel, tileWidth } from './tiles/tile-arithmetic.js';
export { encodeEntryBundle, MAX_ENTRY_BYTES, parseEntryBundle } from './tiles/entry-bundle.js';
export { splitTile, TileTree, type TileReader } from './tiles/tile-tree.js';
export { growTiles, type Tile } from './tiles/grow-tiles.js';
export { LogSource, MissingTile, SourceUnavailable } from './source/log-source.js';
export { bodyOf, FetchedSource, type Fetch } from './source/fetched-source.js';
export { fsck, type FsckProgress, type FsckReport, type FsckSource, type OnEntry } from './fsck/fsck.js';
export * from './audit/index.js';
export {
  MAX_BUNDLE_TEXT_BYTES,
  MAX_NOTE_BYTES,
  type Bundle,
  type BundleFleet,
  type BundleFleetState,
  type BundleMember,
  type Environment,
  type EvidenceHead,
  type FleetParameters,
} from './bundle/bundle.js';
export { refuseParameters, SUITE_1 } from './bundle/fleet-parameters.js';
export { isNamespace, parseBundle } from './bundle/parse-bundle.js';
export { bundleDigest, formatBundle, noPrevious } from './bundle/format-bundle.js';
export { deriveBundleText, type DeriveInput, type FleetEvidence, type FleetLifecycle } from './bundle/derive-bundle.js';
export { refuseSuccession } from './bundle/succession.js';
export { DEFAULT_WINDOWS, type RotationKeys, type TrustedLog, type TrustRoot, type Windows } from './trust-root/trust-root.js';
export { formatTrustRoot, parseTrustRoot, trustRootDigest } from './trust-root/trust-root-document.js';
export { rotateTrustRoot, rotateTrustRoots, signTrustRoot } from './trust-root/rotate-trust-root.js';
export {
  encodeEnrolment,
  enrolmentDigest,
  enrolmentMessage,
  MAX_ENROLMENT_BYTES,
  parseEnrolment,
  signEnrolment,
  verifyEnrolment,
  type Enrolment,
  type KeystoreKind,
} from './enrolment/enrolment.js';
export { formatProof, isProof, MAX_PATH_HASHES, MAX_PROOF_BYTES, parseProof, type TlogProof } from './proof/proof.js';
export { bundleNoteOf, formatBundleProof, openBundleProof, type BundleProof } from './proof/bundle-proof.js';
export {
  isQuorum,
  MAX_POLICY_ITEMS,
  NO_QUORUM,
  quorumTime,
  type Policy,
  type PolicyGroup,
  type PolicyLog,
  type PolicyWitness,
} from './policy/policy.js';
export { formatPolicy, parsePolicy } from './policy/parse-policy.js';
export { BundleError, CHECKS, isVerified, type CheckName, type CheckReport, type Outcome } from './check/check.js';
export type { BundleMemory } from './check/bundle-memory.js';
export type { Purpose } from './check/purpose.js';
export * from './check/note-checks.js';
export * from './check/log-checks.js';
export { checkFreshness, checkWitnessQuorum, type WitnessInput } from './check/witness-checks.js';
export { checkConsistency, missingConsistency, type Gap } from './check/consistency-check.js';
export { checkEpoch, checkMemberKeys, checkTrustRoot, checkValidityWindow, CLOCK_SKEW_MS } from './check/state-checks.js';
export { gossipCode, verifyBundle, type VerifiedBundle, type VerifyInput } from './check/verify-bundle.js';
export { canonicalJson, type Json } from './evidence/canonical-json.js';
export {
  formatEnvelope,
  keyidOf,
  MAX_ENVELOPE_BYTES,
  mergeEnvelopes,
  parseEnvelope,
  preAuthEncoding,
  signEnvelope,
  verifyEnvelope,
  type Envelope,
} from './evidence/dsse.js';
export {
  KNOWN_ANSWERS,
  knownAnswerNonce,
  knownAnswerStep,
  readCarriedStatement,
  readKnownAnswer,
  type CarriedStatement,
  type KnownAnswer,
  type KnownAnswerName,
  type KnownAttempt,
} from './evidence/known-answer.js';
export type { AttestedFleet, AttestedMember, DeploymentPredicate, DeploymentStatement, SoftwareEvidence } from './evidence/statement.js';
export { PREDICATE_TYPE, readAttestedFleets, readSoftware, STATEMENT_TYPE } from './evidence/statement.js';
export {
  deploymentDigest,
  deploymentName,
  draftEnvelope,
  formatStatement,
  parseStatement,
  statementOf,
} from './evidence/parse-statement.js';
export { bundleFleetOf, subjectsOf } from './evidence/statement-rules.js';
export { NODE_ARTIFACTS, possessionMessage, type NodeArtifact, type Possession } from './evidence/possession.js';
export { refuseDeployment, rosterDigest, type Deployment } from './evidence/roster-digest.js';
export { checkBinding } from './evidence/bundle-binding.js';
export { deploymentPage, identityHex, type DeploymentPage, type PageTable } from './evidence/deployment-page.js';
export { deploymentChecks, type CheckedDeployment, type DeploymentCheck, type Signers } from './evidence/deployment-checks.js';
export {
  appendStep,
  checkTranscript,
  outputDigest,
  readTranscript,
  transcriptHead,
  type Transcript,
  type TranscriptStep,
} from './evidence/transcript.js';
export type { Custodians } from './trust-root/custodians.js';
