/** A bug that the corpus must find: one place of the compiled code, changed while it is loaded (adr/0023). */
export interface PlantedBug {
  readonly name: string;
  /** The bad case of the corpus that the rule stands against, and that is taken without it. */
  readonly takes: string;
  /** Below libs/. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

type Rest = readonly [name: string, takes: string, find: string, replace: string];
const bug = (file: string, ...[name, takes, find, replace]: Rest): PlantedBug => ({ name, takes, file, find, replace });
const evidence = (file: string, ...rest: Rest): PlantedBug => bug(`transparency/dist/evidence/${file}`, ...rest);
const protocol = (file: string, ...rest: Rest): PlantedBug => bug(`protocol/dist/deployment/${file}`, ...rest);

export const PLANTED_BUGS: readonly PlantedBug[] = [
  evidence(
    'dsse.js',
    'counts one custodian twice',
    'one custodian twice',
    'const signed = new Set();',
    'const signed = []; signed.add = (one) => signed.push(one);',
  ),
  evidence(
    'dsse.js',
    'takes a bad signature',
    "a custodian's signature over another statement",
    "if (!verifyEd25519(fromBase64(sig, 'signature'), message, vkey.publicKey))",
    'if (false)',
  ),
  evidence(
    'deployment-checks.js',
    'forgets the threshold',
    'one custodian of two',
    'if (signed.length < custodians.threshold)',
    'if (false)',
  ),
  evidence(
    'deployment-checks.js',
    'takes any trust root',
    'the trust root of another installation',
    'if (made.version !== trustRoot.version || made.digest !== own)',
    'if (false)',
  ),
  evidence(
    'statement-rules.js',
    'does not follow the transcript',
    'a transcript with a changed step',
    'checkTranscript(predicate.transcript);',
    '',
  ),
  evidence(
    'statement-rules.js',
    'does not compare the subject',
    'a subject that is another roster',
    'refuseSubject(predicate, subject);',
    '',
  ),
  evidence(
    'statement-rules.js',
    'believes what is said of a member',
    'a keystore that no member signed',
    'own === name && given === value',
    'own === name',
  ),
  evidence('statement-rules.js', 'does not count the members', 'a member missing', 'if (members.length !== parameters.n)', 'if (false)'),
  evidence(
    'statement-rules.js',
    'does not compare software and transcript',
    'software that the transcript does not name',
    'refuseOutputs(predicate);',
    '',
  ),
  evidence(
    'statement-rules.js',
    'takes an acceptance without answers',
    'an acceptance without answers',
    'refuseKnownAnswers(predicate);',
    '',
  ),
  evidence(
    'statement-rules.js',
    'believes the environment',
    'hsm where the members say software',
    "if (environment !== (hardware ? 'hsm' : 'software'))",
    'if (false)',
  ),
  evidence(
    'parse-statement.js',
    'takes any payload type',
    'an envelope of another type',
    'if (payloadType !== IN_TOTO_TYPE)',
    'if (false)',
  ),
  evidence(
    'roster-digest.js',
    'takes another digest in the bundle',
    'a bundle that names another statement',
    '!sameOctets(bundle.deployment, digest)',
    'false',
  ),
  evidence(
    'roster-digest.js',
    'does not compare the members of the bundle',
    'a bundle with a machine that nobody attested',
    '!attested.has(digest)',
    'false',
  ),
  bug(
    'transparency/dist/check/state-checks.js',
    'takes a bundle without a statement',
    'a bundle that says none, to a client',
    'if (trustRoot.custodians && !bundle.deployment)',
    'if (false)',
  ),
  bug(
    'transparency/dist/bundle/derive-bundle.js',
    'announces without a statement',
    'a bundle without a statement',
    'if (custodians)',
    'if (false)',
  ),
  bug(
    'transparency/dist/bundle/derive-bundle.js',
    'ignores the predecessor',
    'a statement that follows another than the bundle before names',
    '&& predecessor !== named',
    '&& false',
  ),
  bug(
    'transparency/dist/trust-root/trust-root-rules.js',
    'takes the operator as custodian',
    'an operator among the custodians',
    "...(custodians?.keys ?? []).map((vkey) => ['custodians', vkey]),",
    '',
  ),
  protocol(
    'judge-deployment.js',
    'does not ask the registry',
    'machines that the registry does not have',
    'if (!kept || !isSameFleet(fleet, kept))',
    'if (false)',
  ),
  protocol(
    'judge-deployment.js',
    'signs whatever is old',
    'a statement of last month',
    'if (issued < nowMs / 1000 - MAX_AGE_S)',
    'if (false)',
  ),
  protocol('known-attempt.js', 'takes too few votes', 'votes of too few nodes', 'if (!findQuorum(votes, roster.q))', 'if (false)'),
  protocol(
    'known-attempt.js',
    'counts one evaluation often',
    'one evaluation three times',
    'new Set(evaluators).size < roster.t',
    'evaluators.length < roster.t',
  ),
  protocol(
    'known-attempt.js',
    'takes evaluations that no node signed',
    'evaluations that no node signed',
    'if (!verifier.verify(memberKey(roster, node), message, ',
    'if (false && !verifier.verify(memberKey(roster, node), message, ',
  ),
  protocol(
    'check-known-answer.js',
    'does not look at the nonce',
    'views asked for elsewhere in the transcript',
    'if (!equal(view.nonce, asked.nonce))',
    'if (false)',
  ),
  protocol('check-known-answer.js', 'takes too few views', 'views of too few nodes', 'if (!findQuorum(', 'if (false && !findQuorum('),
  protocol(
    'check-known-answer.js',
    'takes an attempt that was not confirmed',
    'a wrong code called right',
    '&& lastOk === index && spent === 0',
    '',
  ),
  protocol(
    'check-known-answer.js',
    'takes any state for a lock',
    'a lock that nobody says',
    "status === 'locked' && spent >= attempts",
    'spent >= 0',
  ),
  protocol(
    'check-known-answer.js',
    'believes who was absent',
    'nodes called absent that answered',
    'if (spoke !== undefined)',
    'if (false)',
  ),
];
