const page = (name: string, find: string, replace: string) => planted('history/checked-page.js', name, find, replace);
const story = (name: string, find: string, replace: string) => planted('history/vault-history.js', name, find, replace);

/** For specs only: bugs that the spec of the history must find, as docs/adr/0034 has them. */
export const PLANTED_BUGS = [
  page('believes any signature', 'verifySignedStatement(statement, roster, verifier);', ''),
  page('believes an old answer', 'equal(head.nonce, asked.nonce)', 'true'),
  page('believes what was said of another account', 'equal(head.uid, asked.uid)', 'true'),
  page('believes another page than was asked for', '&& head.before === asked.before', ''),
  page('believes another page than was signed', '!equal(head.pageHash, historyPageHash(page))', 'false'),
  page('sees no entry that is left out', '|| items.length !== range.count', ''),
  story('takes one node for all', 'findQuorum(group, reader.roster.q) !== null', 'true'),
  planted('history/agreed-range.js', 'counts what one node holds as what q hold', '({ index }) => index >= at', '() => true'),
  story('tells nothing of what is missing', '!agreed.has(number) && ', 'false && '),
  story('forgets with one node', 'isAgreedAbsent(number, newest, reader.roster.q)', 'isAgreedAbsent(number, newest, 1)'),
  story('hears of nothing that is too old', '!isAgreedAbsent(number, newest, reader.roster.q)', 'true'),
  story('tells nothing of an open vote', '&& head.open', '&& false'),
  story('believes any confirmation', 'return verifyConfirmation(verifier,', 'return true || verifyConfirmation(verifier,'),
  story('lets one node bring a confirm key', 'encodeDecidedItem(one.item)', 'encodeDecidedItem({ ...one.item, confirmKey: null })'),
  planted('history/ask-history.js', 'needs no quorum', 'findQuorum(pages, fleet.roster.q) === null', 'pages.length === 0'),
  planted('history/ask-history.js', 'asks for one page alone', 'lowest > oldest && lowest < before', 'false'),
];

function planted(file: string, name: string, find: string, replace: string) {
  return { file, name, find, replace, spec: 'history/history.spec.js' };
}
