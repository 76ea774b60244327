/** A bug that the corpus must find: one place of the compiled code, changed while it is loaded (adr/0023). */
export interface PlantedBug {
  readonly name: string;
  /** Below libs/. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const bug = (file: string, name: string, find: string, replace: string): PlantedBug => ({ name, file, find, replace });
const evidence = (file: string, ...rest: readonly [name: string, find: string, replace: string]): PlantedBug =>
  bug(`transparency/dist/evidence/${file}`, ...rest);
const protocol = (file: string, ...rest: readonly [name: string, find: string, replace: string]): PlantedBug =>
  bug(`protocol/dist/deployment/${file}`, ...rest);

export const PLANTED_BUGS: readonly PlantedBug[] = [
  evidence(
    'dsse.js',
    'counts one custodian twice',
    'const signed = new Set();',
    'const signed = []; signed.add = (one) => signed.push(one);',
  ),
  evidence('dsse.js', 'takes a bad signature', "if (!verifyEd25519(fromBase64(sig, 'signature'), message, vkey.publicKey))", 'if (false)'),
  evidence('deployment-checks.js', 'forgets the threshold', 'if (signed.length < custodians.threshold)', 'if (false)'),
  evidence('deployment-checks.js', 'takes any trust root', 'if (made.version !== trustRoot.version || made.digest !== own)', 'if (false)'),
  evidence('statement-rules.js', 'does not follow the transcript', 'checkTranscript(predicate.transcript);', ''),
  evidence('statement-rules.js', 'does not compare the subject', 'refuseSubject(predicate, subject);', ''),
  evidence('statement-rules.js', 'believes what is said of a member', 'own === name && given === value', 'own === name'),
  evidence('statement-rules.js', 'does not count the members', 'if (members.length !== parameters.n)', 'if (false)'),
  evidence('statement-rules.js', 'does not compare software and transcript', 'refuseOutputs(predicate);', ''),
  evidence('statement-rules.js', 'takes an acceptance without answers', 'refuseKnownAnswers(predicate);', ''),
  evidence('statement-rules.js', 'believes the environment', "if (environment !== (hardware ? 'hsm' : 'software'))", 'if (false)'),
  evidence('parse-statement.js', 'takes any payload type', 'if (payloadType !== IN_TOTO_TYPE)', 'if (false)'),
  evidence('roster-digest.js', 'takes another digest in the bundle', '!sameOctets(bundle.deployment, digest)', 'false'),
  evidence('roster-digest.js', 'does not compare the members of the bundle', "if (fleet.state !== 'revoked' && ", 'if (false && '),
  bug(
    'transparency/dist/check/state-checks.js',
    'takes a bundle without a statement',
    'if (trustRoot.custodians && !bundle.deployment)',
    'if (false)',
  ),
  bug('transparency/dist/bundle/derive-bundle.js', 'announces without a statement', 'if (custodians)', 'if (false)'),
  bug('transparency/dist/bundle/derive-bundle.js', 'ignores the predecessor', '&& predecessor !== named', '&& false'),
  bug(
    'transparency/dist/trust-root/trust-root-rules.js',
    'takes the operator as custodian',
    "...(custodians?.keys ?? []).map((vkey) => ['custodians', vkey]),",
    '',
  ),
  protocol('judge-deployment.js', 'does not ask the registry', 'if (!kept || !isSameFleet(fleet, kept))', 'if (false)'),
  protocol('judge-deployment.js', 'signs whatever is old', 'if (issued < nowMs / 1000 - MAX_AGE_S)', 'if (false)'),
  protocol('known-attempt.js', 'takes too few votes', 'if (!findQuorum(votes, roster.q))', 'if (false)'),
  protocol('known-attempt.js', 'counts one evaluation often', 'new Set(evaluators).size < roster.t', 'evaluators.length < roster.t'),
  protocol(
    'known-attempt.js',
    'takes evaluations that no node signed',
    'if (!verifier.verify(memberKey(roster, node), message, ',
    'if (false && !verifier.verify(memberKey(roster, node), message, ',
  ),
  protocol('check-known-answer.js', 'does not look at the nonce', 'if (!equal(view.nonce, asked.nonce))', 'if (false)'),
  protocol('check-known-answer.js', 'takes too few views', 'if (!findQuorum(', 'if (false && !findQuorum('),
  protocol('check-known-answer.js', 'takes an attempt that was not confirmed', '&& lastOk === index && spent === 0', ''),
  protocol('check-known-answer.js', 'takes any state for a lock', "status === 'locked' && spent >= attempts", 'spent >= 0'),
  protocol('check-known-answer.js', 'believes who was absent', 'if (spoke !== undefined)', 'if (false)'),
];
