import type { SignatureVerifier } from '@strongroom/protocol';

/** n nodes check the same signature; so does the observer. */
export function remembering(verifier: SignatureVerifier): SignatureVerifier {
  const verdicts = new Map<string, boolean>();
  return {
    verify(publicKey, message, signature) {
      const asked = [publicKey, message, signature].map((bytes) => Buffer.from(bytes).toString('latin1')).join(' | ');
      const verdict = verdicts.get(asked) ?? verifier.verify(publicKey, message, signature);
      verdicts.set(asked, verdict);
      return verdict;
    },
  };
}
